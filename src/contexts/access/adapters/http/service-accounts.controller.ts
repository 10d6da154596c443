import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { scopesIn } from '#kernel/scopes';
import { CurrentCaller, RecentSignIn, Requires } from '#platform/auth/requires';
import { ListQuery } from '#platform/http/filters';
import { IdInPath } from '#platform/http/ids';
import { paged } from '#platform/http/paging';
import { Refuses } from '#platform/http/refuses';
import { MakesOne } from '#platform/idempotency/makes-one';
import { Versioned } from '#platform/http/version.interceptor';
import { AddServiceAccount } from '../../application/add-service-account.js';
import { ChangeServiceAccount, DeleteServiceAccount } from '../../application/change-service-account.js';
import { IssueKey, RevokeKey } from '../../application/issue-key.js';
import { clientAlreadyLinked, noProvider, tooManyAccounts, tooManyKeys } from '../../domain/errors.js';
import type { MachineClient, ServiceAccountDetails } from '../../domain/service-account.js';
import type { IssuedKey } from '../../domain/service-accounts.js';
import { AccessSettings } from '../../settings.js';
import { ServiceAccountsView, type ServiceAccountView } from '../../views/service-accounts.js';
import {
  ChangeServiceAccountRequest,
  CreateServiceAccountRequest,
  IssuedKeyResponse,
  IssueKeyRequest,
  ServiceAccountResponse,
} from './service-account.dto.js';

/** What gives rights needs a recent sign-in; what takes them away does not. */
@ApiTags('Service accounts')
@ApiBearerAuth()
@Controller('service_accounts')
export class ServiceAccountsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly accounts: ServiceAccountsView,
    private readonly ids: Ids,
    private readonly settings: AccessSettings,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listServiceAccounts', summary: 'List the service accounts of the team' })
  @Requires('administer_team')
  @ApiOkResponse({ type: [ServiceAccountResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: ListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServiceAccountView[]> {
    return paged(request, reply, query, () => this.accounts.list(caller.teamId, query));
  }

  @Post()
  @ApiOperation({ operationId: 'createServiceAccount', summary: 'Add a service account' })
  @Refuses(clientAlreadyLinked(), tooManyAccounts(0), noProvider())
  @Requires('administer_team', undefined, 'service_account.create')
  @RecentSignIn()
  @MakesOne('service_account.create', 'one')
  @ApiCreatedResponse({ type: ServiceAccountResponse })
  async add(@CurrentCaller() caller: Caller, @Body() body: CreateServiceAccountRequest): Promise<ServiceAccountView> {
    const id = this.ids.next();
    const { name, access_level: accessLevel, scopes } = body;
    const stated = { name, accessLevel, scopes, client: null, disabled: false };
    await this.commands.execute(new AddServiceAccount(caller, id, { ...stated, ...this.detailsOf(body) }));
    return this.one(caller, id);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getServiceAccount', summary: 'Read a service account' })
  @Versioned('service_account')
  @Requires('administer_team', 'service_account')
  @ApiOkResponse({ type: ServiceAccountResponse })
  async one(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<ServiceAccountView> {
    const account = await this.accounts.one(caller.teamId, id);
    if (!account) throw notFound();
    return account;
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'updateServiceAccount', summary: 'Change a service account' })
  @Refuses(clientAlreadyLinked(), noProvider())
  @Versioned('service_account')
  @Requires('administer_team', 'service_account', 'service_account.update')
  @RecentSignIn()
  @ApiOkResponse({ type: ServiceAccountResponse })
  async change(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body() body: ChangeServiceAccountRequest,
  ): Promise<ServiceAccountView> {
    await this.commands.execute(new ChangeServiceAccount(caller, id, this.detailsOf(body)));
    return this.one(caller, id);
  }

  @Delete(':id')
  @ApiOperation({ operationId: 'deleteServiceAccount', summary: 'Delete a service account with its keys' })
  @HttpCode(204)
  @Versioned('service_account')
  @Requires('administer_team', 'service_account', 'service_account.delete')
  @ApiNoContentResponse({ description: 'Its next request is refused, and its streams have ended.' })
  async delete(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<void> {
    await this.commands.execute(new DeleteServiceAccount(caller, id));
  }

  @Post(':id/keys')
  @ApiOperation({ operationId: 'createServiceAccountKey', summary: 'Make a key for a service account' })
  @Refuses(tooManyKeys(0))
  @Requires('administer_team', 'service_account', 'service_account.key_create')
  @RecentSignIn()
  @MakesOne('service_account.key_create', 'key')
  @ApiCreatedResponse({ type: IssuedKeyResponse })
  async issueKey(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body() { expires_in_days }: IssueKeyRequest,
  ): Promise<IssuedKeyResponse> {
    const keyId = this.ids.next();
    const command = new IssueKey(caller, id, keyId, expires_in_days);
    const { key, last4, expiresAt } = await this.commands.execute<IssueKey, IssuedKey>(command);
    return { id: keyId, key, last4, expires_at: expiresAt.toISOString() };
  }

  /** What a repeat of the request that made a key gets: everything but the key. */
  async key({ teamId }: Caller, keyId: Id): Promise<IssuedKeyResponse> {
    const found = await this.accounts.key(teamId, keyId);
    if (!found) throw notFound();
    const { id, last4, expires_at } = found;
    return { id, key: null, last4, expires_at };
  }

  @Delete(':id/keys/:key_id')
  @ApiOperation({ operationId: 'revokeServiceAccountKey', summary: 'Revoke a key of a service account' })
  @HttpCode(204)
  @Requires('administer_team', 'service_account', 'service_account.key_revoke')
  @ApiNoContentResponse({ description: 'The next request with it is refused, and its streams have ended.' })
  async revokeKey(@CurrentCaller() caller: Caller, @IdInPath() id: Id, @IdInPath('key_id') keyId: Id): Promise<void> {
    await this.commands.execute(new RevokeKey(caller, id, keyId));
  }

  /** Only the fields of the body. Absent fields stay as they are. */
  private detailsOf(body: ChangeServiceAccountRequest): Partial<ServiceAccountDetails> {
    const { client_id: clientId } = body;
    const details: Partial<ServiceAccountDetails> = {
      name: body.name,
      accessLevel: body.access_level,
      scopes: body.scopes && scopesIn(body.scopes),
      client: clientId === undefined || clientId === null ? clientId : this.clientOf(clientId),
      disabled: body.disabled,
    };
    return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
  }

  private clientOf(clientId: string): MachineClient {
    const { auth } = this.settings;
    if (!auth) throw noProvider();
    return { issuer: auth.issuer, clientId };
  }
}
