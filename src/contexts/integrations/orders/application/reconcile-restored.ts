import { Injectable, Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { OrderHeldUp } from '../../contract.js';
import { OrderToReconcile } from '../domain/events.js';
import { type MarkedOrder, RestoredOrders } from '../domain/restored-orders.js';
import { OrderOwners } from '../domain/vendor-orders.js';
import { OrderLimits } from './order-limits.js';

/** Events published at a time. */
const chunkSize = 500;

/**
 * After a restore or a failover every unfinished order may be at the vendor already, so each is reconciled first. The claim
 * refuses to send until this is done. Any number of replicas may try; one does it.
 */
@Injectable()
export class ReconcileRestored {
  private readonly log = new Logger('orders');

  constructor(
    private readonly restored: RestoredOrders,
    private readonly owners: OrderOwners,
    private readonly limits: OrderLimits,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  /** Only when the database is not the recorded one. */
  async ifRestored(): Promise<void> {
    if (!(await this.restored.isRecorded())) await this.now(false);
  }

  /** `force`: also when the database looks like the recorded one. Returns how many orders are reconciled or need a decision. */
  now(force = true): Promise<{ orders: number; teams: number }> {
    return this.unitOfWork.run(async () => {
      await this.restored.lock();
      // Another replica may have done it while this one waited for the lock.
      if (!force && (await this.restored.isRecorded())) return { orders: 0, teams: 0 };
      const wanted = await this.owners.unplaced();
      const markedUnknown = await this.restored.markAllUnknown(
        wanted,
        this.limits,
        this.limits.firstReconciliationSeconds,
      );
      await this.announce(markedUnknown);
      await this.restored.record();
      const done = { orders: markedUnknown.length, teams: new Set(markedUnknown.map(({ teamId }) => teamId)).size };
      this.log.warn(done, 'the database was restored or replaced: its unfinished orders are being reconciled');
      return done;
    });
  }

  private async announce(markedUnknown: MarkedOrder[]): Promise<void> {
    for (let at = 0; at < markedUnknown.length; at += chunkSize) {
      const some = markedUnknown.slice(at, at + chunkSize);
      await this.outbox.publish(some.map(({ teamId, id }) => new OrderHeldUp(teamId, id)));
    }
    // One reconciliation takes all due orders of a connection.
    const byConnection = Map.groupBy(
      markedUnknown.filter(({ reconcileAt }) => reconcileAt !== null),
      ({ teamId, connectionId }) => `${teamId}/${connectionId}`,
    );
    for (const [first] of byConnection.values()) {
      if (!first) continue;
      const inSeconds = this.limits.firstReconciliationSeconds;
      await this.outbox.publish([new OrderToReconcile(first.teamId, first.id)], { inSeconds });
    }
  }
}
