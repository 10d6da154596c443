import { Body, Controller, Delete, Get, HttpCode, Post, Put, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { Caller } from '#kernel/caller';
import { CurrentCaller, LimitedPerTeam, NeedsScope, RecentSignIn, Requires } from '#platform/auth/requires';
import { storableText, MayBeAbsent } from '#platform/http/text';
import { NamedWord } from '#platform/http/named-word';
import { Refuses } from '#platform/http/refuses';
import { Versioned } from '#platform/http/version.interceptor';
import { vendorRefusals } from '../../../contract.js';
import { notEnabled } from '../../domain/errors.js';
import { KnownVendor, vendorInPath } from '../../../gateway/application/known-vendor.js';
import type { Environment } from '../../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { Connect } from '../../application/connect.js';
import { Disconnect } from '../../application/disconnect.js';
import { type ConnectionCheck, TryConnection } from '../../application/try-connection.js';
import { ConnectionView, type ListedConnection, type ShownConnection } from '../../views/connection.js';
import { IntegrationResponse, ListedIntegrationResponse } from './integration.dto.js';
import { connectionTest } from './connection-tests.js';

const environments: Environment[] = ['production', 'sandbox'];
const plainText = { message: '$property must be plain text' };

class SaveConnectionRequest {
  @ApiPropertyOptional({
    description: 'Labelled "API key". Required the first time; later the saved value is kept when it is absent.',
  })
  @MaxLength(1000)
  @Matches(storableText, plainText)
  @IsString()
  @MayBeAbsent()
  api_key?: string;

  @ApiPropertyOptional({ description: 'Labelled "Webhook secret key". Required the first time.' })
  @MaxLength(1000)
  @Matches(storableText, plainText)
  @IsString()
  @MayBeAbsent()
  webhook_secret_key?: string;

  @ApiPropertyOptional({ description: "The id of one of the vendor's `regions`; without it the saved or first one" })
  @MaxLength(100)
  @Matches(storableText, plainText)
  @IsString()
  @MayBeAbsent()
  region?: string;

  @ApiPropertyOptional({
    enum: environments,
    description: "One of the vendor's `environments`; without it the saved or first one",
  })
  @IsIn(environments)
  @MayBeAbsent()
  environment?: Environment;
}

class ConnectionCheckResponse implements ConnectionCheck {
  @ApiProperty({ enum: ['api_key', 'packages', 'webhook'] }) name!: ConnectionCheck['name'];
  @ApiProperty({ description: 'No known problem: see state' }) ok!: boolean;
  @ApiProperty({ enum: ['ok', 'waiting', 'failed'] }) state!: ConnectionCheck['state'];
  @ApiProperty() detail!: string;
}

class ConnectionTestResponse {
  @ApiProperty() ok!: boolean;
  @ApiProperty({ type: [ConnectionCheckResponse] }) checks!: ConnectionCheckResponse[];
}

/** Every vendor with the team's connection to it. */
@ApiTags('Integrations')
@ApiBearerAuth()
@ApiExtraModels(IntegrationResponse, ListedIntegrationResponse)
@Controller('integrations')
export class IntegrationsController {
  constructor(
    private readonly vendors: Vendors,
    private readonly view: ConnectionView,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listIntegrations', summary: 'List the vendors with their connections' })
  @NeedsScope('integrations:read')
  @ApiOkResponse({
    description: 'Everyone reads which vendors there are. Admins read of each what its own address shows.',
    schema: {
      type: 'array',
      items: { anyOf: [IntegrationResponse, ListedIntegrationResponse].map((one) => ({ $ref: getSchemaPath(one) })) },
    },
  })
  list(@CurrentCaller() caller: Caller): Promise<(ShownConnection | ListedConnection)[]> {
    if (!caller.can('view_integrations')) return this.view.listed(caller.teamId);
    return Promise.all(this.vendors.all.map(({ id }) => this.view.of(caller.teamId, id)));
  }
}

/** The team's connection to one vendor. */
@ApiTags('Integrations')
@ApiBearerAuth()
@UseGuards(KnownVendor)
@ApiParam(vendorInPath)
@Controller('integrations/:vendor')
export class ConnectionController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly view: ConnectionView,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getIntegration', summary: 'Read the connection to a vendor' })
  @Versioned('integration', 'vendor')
  @NeedsScope('integrations:read')
  @Requires('view_integrations')
  @ApiOkResponse({ type: IntegrationResponse })
  show(@CurrentCaller() caller: Caller, @NamedWord('vendor') vendor: string): Promise<ShownConnection> {
    return this.view.of(caller.teamId, vendor);
  }

  @Put()
  @ApiOperation({ operationId: 'saveIntegration', summary: 'Connect a vendor or change the connection' })
  @Refuses(['invalid', 'api_key_rejected', 'wrong_secret'], ['conflict', 'connection_changed'], ...vendorRefusals)
  @Versioned('integration', 'vendor')
  @Requires('manage_integrations', undefined, 'integration.connect')
  @RecentSignIn()
  @LimitedPerTeam(connectionTest)
  @ApiOkResponse({ type: IntegrationResponse })
  async save(
    @CurrentCaller() caller: Caller,
    @NamedWord('vendor') vendor: string,
    @Body() body: SaveConnectionRequest,
  ): Promise<ShownConnection> {
    const { api_key: apiKey, webhook_secret_key: webhookSecret, region, environment } = body;
    await this.commands.execute(new Connect(caller, vendor, { apiKey, webhookSecret, region, environment }));
    return this.view.of(caller.teamId, vendor);
  }

  @Delete()
  @ApiOperation({ operationId: 'disableIntegration', summary: 'Disable the connection to a vendor' })
  @HttpCode(204)
  @Versioned('integration', 'vendor')
  @Requires('manage_integrations', undefined, 'integration.disable')
  @RecentSignIn()
  @ApiNoContentResponse({ description: 'Disabled. Cases in progress are still followed.' })
  async disable(@CurrentCaller() caller: Caller, @NamedWord('vendor') vendor: string): Promise<void> {
    await this.commands.execute(new Disconnect(caller, vendor));
  }

  @Post('test')
  @ApiOperation({ operationId: 'testIntegration', summary: 'Test the connection to a vendor' })
  @Refuses(notEnabled(''), ...vendorRefusals)
  @HttpCode(200)
  @Requires('manage_integrations')
  @LimitedPerTeam(connectionTest)
  @ApiOkResponse({ type: ConnectionTestResponse })
  async test(@CurrentCaller() caller: Caller, @NamedWord('vendor') vendor: string): Promise<ConnectionTestResponse> {
    const checks = await this.queries.execute<TryConnection, ConnectionCheck[]>(new TryConnection(caller, vendor));
    return { ok: checks.every(({ ok }) => ok), checks };
  }
}
