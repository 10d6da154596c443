import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Secrets, UnitOfWork } from '#kernel/ports';
import { mustBeAllowed, readAddress } from '../domain/endpoint-address.js';
import { EndpointCalls } from '../domain/endpoint-calls.js';
import { tooManyEndpoints } from '../domain/errors.js';
import { type EndpointDetails, mostEndpoints, secretPlace, type WebhookEndpoint } from '../domain/webhook-endpoint.js';
import { WebhookEndpoints } from '../domain/webhook-endpoints.js';
import { EndpointAudit } from './endpoint-audit.js';
import { newSecret } from './signing.js';

/** Adds an endpoint. Returns its secret, which is not shown again. */
export class CreateEndpoint {
  constructor(
    readonly caller: Caller,
    readonly endpointId: Id,
    readonly details: EndpointDetails,
  ) {}
}

/** A caller gives an endpoint only what they may see themselves. */
export function mustBeAllowedToInclude(
  caller: Caller,
  { includeResults }: Pick<EndpointDetails, 'includeResults'>,
): void {
  if (includeResults) caller.require('view_background_check_results');
}

@CommandHandler(CreateEndpoint)
export class CreateEndpointHandler implements ICommandHandler<CreateEndpoint, string> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly calls: EndpointCalls,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: EndpointAudit,
  ) {}

  async execute({ caller, endpointId: id, details }: CreateEndpoint): Promise<string> {
    caller.require('administer_team');
    mustBeAllowedToInclude(caller, details);
    const url = readAddress(details.url);
    mustBeAllowed(url, await this.calls.zoneOf(url));
    const { teamId } = caller;
    const secret = newSecret();
    const endpoint: WebhookEndpoint = {
      ...{ ...details, url: url.href, teamId, id },
      secret: this.secrets.seal(secret, secretPlace(teamId, id)),
      ...{ previousSecret: null, previousUntil: null, disabledAt: null, disabledReason: null, failingSince: null },
      createdBy: caller.user.id,
    };
    await this.unitOfWork.run(async () => {
      if (!(await this.endpoints.add(endpoint, mostEndpoints))) throw tooManyEndpoints();
      await this.audit.record(caller, id, 'create', { to: endpoint });
    });
    return secret;
  }
}
