import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { DomainError, notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { CurrentCaller, LimitedPerTeam, RecentSignIn, Requires } from '#platform/auth/requires';
import { IdInPath } from '#platform/http/ids';
import { paged, Paging } from '#platform/http/paging';
import { Refuses } from '#platform/http/refuses';
import { Versioned } from '#platform/http/version.interceptor';
import { MakesOne } from '#platform/idempotency/makes-one';
import { ChangeEndpoint } from '../../application/change-endpoint.js';
import { CreateEndpoint } from '../../application/create-endpoint.js';
import { DeleteEndpoint } from '../../application/delete-endpoint.js';
import { ReplayEvents } from '../../application/replay-events.js';
import { RotateSecret, type RotatedSecret } from '../../application/rotate-secret.js';
import { SendTest } from '../../application/send-test.js';
import {
  addressRefused,
  endpointDisabled,
  tooManyEndpoints,
  tooManyEvents,
  tooManyWaiting,
} from '../../domain/errors.js';
import type { EndpointDetails } from '../../domain/webhook-endpoint.js';
import { AttemptsView, type ShownAttempt } from '../../views/attempts.js';
import { type ShownEndpoint, WebhookEndpointsView } from '../../views/webhook-endpoints.js';
import { endpointSends } from './endpoint-sends.js';
import {
  AttemptsQuery,
  ChangeWebhookEndpointRequest,
  CreatedWebhookEndpointResponse,
  CreateWebhookEndpointRequest,
  ReplayRequest,
  ReplayResponse,
  RotatedSecretResponse,
  TestEventResponse,
  WebhookAttemptResponse,
  WebhookEndpointResponse,
} from './webhook-endpoint.dto.js';

@ApiTags('Webhook endpoints')
@ApiBearerAuth()
@Controller('webhook_endpoints')
export class WebhookEndpointsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly endpoints: WebhookEndpointsView,
    private readonly attempts: AttemptsView,
    private readonly ids: Ids,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listWebhookEndpoints', summary: 'List the webhook endpoints of the team' })
  @Requires('administer_team')
  @ApiOkResponse({ type: [WebhookEndpointResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: Paging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownEndpoint[]> {
    return paged(request, reply, query, () => this.endpoints.list(caller.teamId, query));
  }

  @Post()
  @ApiOperation({ operationId: 'createWebhookEndpoint', summary: 'Add a webhook endpoint' })
  @Refuses(addressRefused(''), tooManyEndpoints())
  @RecentSignIn()
  @Requires('administer_team', undefined, 'webhook_endpoint.create')
  @MakesOne('webhook_endpoint.create', 'repeated')
  @ApiCreatedResponse({ type: CreatedWebhookEndpointResponse })
  async add(
    @CurrentCaller() caller: Caller,
    @Body() body: CreateWebhookEndpointRequest,
  ): Promise<CreatedWebhookEndpointResponse> {
    const id = this.ids.next();
    const defaults = { description: '', includeResults: false, includeNames: false };
    const { url, event_types: eventTypes } = body;
    const command = new CreateEndpoint(caller, id, { ...defaults, url, eventTypes, ...detailsOf(body) });
    const secret = await this.commands.execute<CreateEndpoint, string>(command);
    return { ...(await this.one(caller, id)), secret };
  }

  /** What a repeat of the request that made an endpoint gets: everything but the secret. */
  async repeated(caller: Caller, id: Id): Promise<CreatedWebhookEndpointResponse> {
    return { ...(await this.one(caller, id)), secret: null };
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getWebhookEndpoint', summary: 'Read a webhook endpoint' })
  @Versioned('webhook_endpoint')
  @Requires('administer_team', 'webhook_endpoint')
  @ApiOkResponse({ type: WebhookEndpointResponse })
  async one(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<ShownEndpoint> {
    const endpoint = await this.endpoints.one(caller.teamId, id);
    if (!endpoint) throw notFound();
    return endpoint;
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'updateWebhookEndpoint', summary: 'Change a webhook endpoint' })
  @Refuses(addressRefused(''))
  @RecentSignIn()
  @Versioned('webhook_endpoint')
  @Requires('administer_team', 'webhook_endpoint', 'webhook_endpoint.update')
  @ApiOkResponse({ type: WebhookEndpointResponse })
  async change(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body() body: ChangeWebhookEndpointRequest,
  ): Promise<ShownEndpoint> {
    const { disabled } = body;
    const changes = { ...detailsOf(body), ...(disabled === undefined ? {} : { disabled }) };
    await this.commands.execute(new ChangeEndpoint(caller, id, changes));
    return this.one(caller, id);
  }

  @Delete(':id')
  @ApiOperation({ operationId: 'deleteWebhookEndpoint', summary: 'Delete a webhook endpoint and its log' })
  @HttpCode(204)
  @Versioned('webhook_endpoint')
  @Requires('administer_team', 'webhook_endpoint', 'webhook_endpoint.delete')
  @ApiNoContentResponse({ description: 'Nothing is sent to it any more' })
  async remove(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<void> {
    await this.commands.execute(new DeleteEndpoint(caller, id));
  }

  @Post(':id/rotate_secret')
  @ApiOperation({ operationId: 'rotateWebhookSecret', summary: 'Give a webhook endpoint another secret' })
  @HttpCode(200)
  @RecentSignIn()
  @Requires('administer_team', 'webhook_endpoint', 'webhook_endpoint.rotate_secret')
  @ApiOkResponse({ type: RotatedSecretResponse })
  async rotate(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<RotatedSecretResponse> {
    const command = new RotateSecret(caller, id);
    const { secret, previousUntil } = await this.commands.execute<RotateSecret, RotatedSecret>(command);
    return { secret, previous_secret_until: previousUntil.toISOString() };
  }

  @Post(':id/test')
  @ApiOperation({ operationId: 'testWebhookEndpoint', summary: 'Send a test to a webhook endpoint' })
  @Refuses(endpointDisabled())
  @HttpCode(202)
  @LimitedPerTeam(endpointSends)
  @Requires('administer_team', 'webhook_endpoint', 'webhook_endpoint.test')
  @ApiAcceptedResponse({ type: TestEventResponse })
  async test(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<TestEventResponse> {
    const eventId = this.ids.next();
    await this.commands.execute(new SendTest(caller, id, eventId));
    return { event_id: eventId };
  }

  @Get(':id/attempts')
  @ApiOperation({ operationId: 'listWebhookAttempts', summary: 'List what was sent to a webhook endpoint' })
  @Requires('administer_team', 'webhook_endpoint')
  @ApiOkResponse({ type: [WebhookAttemptResponse] })
  async log(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Query() query: AttemptsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownAttempt[]> {
    return paged(request, reply, query, () => this.attempts.list(caller.teamId, id, query));
  }

  @Post(':id/replay')
  @ApiOperation({ operationId: 'replayWebhookEvents', summary: 'Send events to a webhook endpoint again' })
  @Refuses(endpointDisabled(), tooManyEvents(), tooManyWaiting())
  @HttpCode(202)
  @LimitedPerTeam(endpointSends)
  @Requires('administer_team', 'webhook_endpoint', 'webhook_endpoint.replay')
  @ApiAcceptedResponse({ type: ReplayResponse })
  async replay(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body() body: ReplayRequest,
  ): Promise<ReplayResponse> {
    const command = new ReplayEvents(caller, id, askedIn(body));
    return { events: await this.commands.execute<ReplayEvents, number>(command) };
  }
}

/** Only the fields of the body. Absent fields stay as they are. */
function detailsOf(body: ChangeWebhookEndpointRequest): Partial<EndpointDetails> {
  const details: Partial<EndpointDetails> = {
    url: body.url,
    description: body.description,
    eventTypes: body.event_types,
    includeResults: body.include_results,
    includeNames: body.include_names,
  };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}

function askedIn({ event_id: eventId, since }: ReplayRequest): ReplayEvents['which'] {
  if (eventId !== undefined && since === undefined) return { eventId };
  const time = since === undefined ? NaN : Date.parse(since);
  if (eventId === undefined && !Number.isNaN(time)) return { since: new Date(time) };
  const message = 'Name either the event (event_id) or a time (since).';
  throw new DomainError('invalid', 'invalid_request', message, { json: { event_id: [message], since: [message] } });
}
