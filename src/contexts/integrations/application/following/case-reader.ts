import { Injectable } from '@nestjs/common';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { CaseChanged } from '../../contract.js';
import { Connections } from '../../domain/connections.js';
import { CaseToLookAtAgain } from '../../domain/events.js';
import { ScreeningProvider } from '../../domain/screening-provider.js';
import { Deliveries, type FollowedCase, VendorCases } from '../../domain/vendor-cases.js';
import { VendorCalls } from '../vendor-calls.js';

const minuteMs = 60_000;
/** A finished case without a score is looked at after 1, 2, 4 … minutes, then four times a day. */
const scoreDelayMs = (again: number): number => Math.min(6 * 60 * minuteMs, minuteMs * 2 ** again);
/** Enough to cover three months: then the vendor will not say more. */
const scoreLooks = 400;

/** Reads one case at the vendor, once, and stores what differs. */
@Injectable()
export class CaseReader {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
    private readonly cases: VendorCases,
    private readonly deliveries: Deliveries,
    private readonly provider: ScreeningProvider,
    private readonly calls: VendorCalls,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Throws `ProviderFailure`, or `DomainError` `budget_exhausted`. */
  async read(followed: FollowedCase, again = 0): Promise<void> {
    const { teamId, orderId, caseId } = followed;
    const connection = await this.connections.byId(teamId, followed.connectionId);
    if (!connection) return;
    const readAt = await this.cases.readingStarts();
    const reading = await this.calls.call(connection, 'read', (c) => this.provider.readCase(c, caseId));
    await this.unitOfWork.run(async () => {
      const outcome = await this.cases.record(teamId, orderId, reading, readAt);
      await this.deliveries.settle(teamId, orderId, readAt, outcome === 'changed' ? 'applied' : 'unchanged');
      if (outcome === 'changed') await this.outbox.publish([new CaseChanged(teamId, orderId)]);
      const scoreMissing = reading.state === 'complete' && reading.result === null;
      if (scoreMissing && again < scoreLooks) await this.lookAgain(followed, again + 1, scoreDelayMs(again));
    });
  }

  /** Inside a unit of work. */
  async lookAgain({ teamId, orderId }: FollowedCase, again: number, delayMs: number): Promise<void> {
    const after = new Date(this.clock.now().getTime() + delayMs);
    await this.outbox.publish([new CaseToLookAtAgain(teamId, orderId, again)], { after });
  }
}
