import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import { mustBeAllowed, readAddress } from '../domain/endpoint-address.js';
import { EndpointCalls } from '../domain/endpoint-calls.js';
import type { EndpointDetails, WebhookEndpoint } from '../domain/webhook-endpoint.js';
import { WebhookEndpoints } from '../domain/webhook-endpoints.js';
import { mustBeAllowedToInclude } from './create-endpoint.js';
import { EndpointAudit } from './endpoint-audit.js';

/** Changes an endpoint. Absent fields stay as they are. */
export class ChangeEndpoint {
  constructor(
    readonly caller: Caller,
    readonly endpointId: Id,
    readonly changes: Partial<EndpointDetails> & { disabled?: boolean },
  ) {}
}

@CommandHandler(ChangeEndpoint)
export class ChangeEndpointHandler implements ICommandHandler<ChangeEndpoint, void> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly calls: EndpointCalls,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: EndpointAudit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, endpointId, changes }: ChangeEndpoint): Promise<void> {
    caller.require('administer_team');
    const url = changes.url === undefined ? null : readAddress(changes.url);
    if (url) mustBeAllowed(url, await this.calls.zoneOf(url));
    await this.unitOfWork.run(async () => {
      const present = await this.endpoints.lock(caller.teamId, endpointId);
      if (!present) throw notFound();
      const { disabled, ...details } = changes;
      const next = { ...present, ...details, ...(url ? { url: url.href } : {}), ...this.switched(present, disabled) };
      // Also for another address: results would go to a place that this caller chose.
      mustBeAllowedToInclude(caller, next);
      await this.endpoints.save(next);
      const more = next.url === present.url ? {} : { address_changed: true };
      await this.audit.record(caller, endpointId, 'update', { from: present, to: next, more });
    });
  }

  private switched(present: WebhookEndpoint, disabled: boolean | undefined): Partial<WebhookEndpoint> {
    if (disabled === undefined || disabled === (present.disabledAt !== null)) return {};
    if (disabled) return { disabledAt: this.clock.now(), disabledReason: 'by_user' };
    // Five days count again from here.
    return { disabledAt: null, disabledReason: null, failingSince: null };
  }
}
