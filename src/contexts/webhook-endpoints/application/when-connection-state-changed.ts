import { QueryBus } from '@nestjs/cqrs';
import {
  ConnectionStateChanged,
  type ConnectionStateFacts,
  GetConnectionState,
  ListVendors,
  type VendorFacts,
} from '#contexts/integrations';
import { UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { WebhookEvents } from '../domain/webhook-events.js';
import { Announcer } from './announcer.js';

/** Tells endpoints of the integrations whose state is another one than they were told last. */
@HandlesEvent(ConnectionStateChanged, { name: 'announce-state', coalesceBy: ['teamId'] })
export class WhenConnectionStateChanged implements EventHandler<ConnectionStateChanged> {
  constructor(
    private readonly queries: QueryBus,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: WebhookEvents,
    private readonly announcer: Announcer,
  ) {}

  async handle({ teamId }: ConnectionStateChanged): Promise<void> {
    const vendors = await this.queries.execute<ListVendors, VendorFacts[]>(new ListVendors());
    for (const { id } of vendors) await this.unitOfWork.run(() => this.announce(teamId, id));
  }

  private async announce(teamId: string, vendor: string): Promise<void> {
    if (!(await this.announcer.isHeardIn(teamId))) return;
    const before = await this.events.lockAnnounced(teamId, vendor);
    const query = new GetConnectionState(teamId, vendor);
    const { state } = await this.queries.execute<GetConnectionState, ConnectionStateFacts>(query);
    if (state === (before?.state ?? 'not_connected')) return;
    await this.announcer.announce(teamId, vendor, ['integration.state_changed']);
    await this.events.setAnnounced(teamId, vendor, { revision: null, isComplete: false, needsAttention: false, state });
  }
}
