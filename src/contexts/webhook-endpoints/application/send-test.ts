import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { Deliveries } from '../domain/deliveries.js';
import { endpointDisabled } from '../domain/errors.js';
import { WebhookEndpoints } from '../domain/webhook-endpoints.js';
import { WebhookEvents } from '../domain/webhook-events.js';
import { EndpointAudit } from './endpoint-audit.js';

/** Sends an event of type `test` to one endpoint. */
export class SendTest {
  constructor(
    readonly caller: Caller,
    readonly endpointId: Id,
    readonly eventId: Id,
  ) {}
}

@CommandHandler(SendTest)
export class SendTestHandler implements ICommandHandler<SendTest, void> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly events: WebhookEvents,
    private readonly deliveries: Deliveries,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: EndpointAudit,
  ) {}

  async execute({ caller, endpointId, eventId }: SendTest): Promise<void> {
    caller.require('administer_team');
    const { teamId } = caller;
    await this.unitOfWork.run(async () => {
      const endpoint = await this.endpoints.find(teamId, endpointId);
      if (!endpoint) throw notFound();
      if (endpoint.disabledAt) throw endpointDisabled();
      const event = { teamId, id: eventId, type: 'test' as const, subject: eventId };
      await this.events.add(event);
      await this.deliveries.add(event, [endpointId]);
      await this.audit.record(caller, endpointId, 'test', { more: { event_id: eventId } });
    });
  }
}
