import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound, unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { Deliveries } from '../domain/deliveries.js';
import { endpointDisabled, mostReplayed, tooManyEvents, tooManyWaiting } from '../domain/errors.js';
import { wants, type WebhookEndpoint } from '../domain/webhook-endpoint.js';
import { WebhookEndpoints } from '../domain/webhook-endpoints.js';
import { type WebhookEvent, WebhookEvents } from '../domain/webhook-events.js';
import { EndpointAudit } from './endpoint-audit.js';

/** Sends events to an endpoint again: one, or the newest of each type about each thing since a time. Returns how many. */
export class ReplayEvents {
  constructor(
    readonly caller: Caller,
    readonly endpointId: Id,
    readonly which: { eventId: Id } | { since: Date },
  ) {}
}

@CommandHandler(ReplayEvents)
export class ReplayEventsHandler implements ICommandHandler<ReplayEvents, number> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly events: WebhookEvents,
    private readonly deliveries: Deliveries,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: EndpointAudit,
  ) {}

  async execute({ caller, endpointId, which }: ReplayEvents): Promise<number> {
    caller.require('administer_team');
    return this.unitOfWork.run(async () => {
      const endpoint = await this.endpoints.find(caller.teamId, endpointId);
      if (!endpoint) throw notFound();
      if (endpoint.disabledAt) throw endpointDisabled();
      const waiting = await this.deliveries.waiting(caller.teamId, endpointId, mostReplayed);
      if (waiting >= mostReplayed) throw tooManyWaiting();
      const events =
        'eventId' in which ? [await this.one(endpoint, which.eventId)] : await this.since(endpoint, which.since);
      await this.deliveries.addAll(events, endpointId);
      const asked = 'eventId' in which ? { event_id: which.eventId } : { since: which.since.toISOString() };
      await this.audit.record(caller, endpointId, 'replay', { more: { ...asked, events: events.length } });
      return events.length;
    });
  }

  /** An event that the endpoint did not ask for is as unknown to it as another team's. */
  private async one(endpoint: WebhookEndpoint, eventId: Id): Promise<WebhookEvent> {
    const event = await this.events.find(endpoint.teamId, eventId);
    if (!event || !wants(endpoint, event.type)) throw unknownReference('event_id');
    return event;
  }

  private async since({ teamId, eventTypes }: WebhookEndpoint, since: Date): Promise<WebhookEvent[]> {
    const events = await this.events.newestSince(teamId, eventTypes, since, mostReplayed + 1);
    if (events.length > mostReplayed) throw tooManyEvents();
    return events;
  }
}
