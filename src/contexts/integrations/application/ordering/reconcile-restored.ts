import { Injectable, Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { OrderHeldUp } from '../../contract.js';
import { OrderToReconcile } from '../../domain/events.js';
import { type UnknownOrder, RestoredOrders } from '../../domain/restored-orders.js';
import { OrderOwners } from '../../domain/vendor-orders.js';
import { OrderLimits } from './order-limits.js';

/** So many events are handed to the queue at a time. */
const chunk = 500;

/**
 * After a restore or a failover: every order that is not finished may be at the vendor already, so each is looked for first.
 * The claim refuses to send until this is done. Any number of replicas may try; one does it.
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

  /** Does it when the database is not the recorded one. */
  async ifRestored(): Promise<void> {
    if (!(await this.restored.isRecorded())) await this.now(false);
  }

  /** `surely`: also when the database looks like the recorded one. Answers how many orders are looked for, or asked about. */
  now(surely = true): Promise<{ orders: number; teams: number }> {
    return this.unitOfWork.run(async () => {
      await this.restored.hold();
      // Another replica may have been at it until now.
      if (!surely && (await this.restored.isRecorded())) return { orders: 0, teams: 0 };
      const wanted = await this.owners.unanswered();
      const markedUnknown = await this.restored.markAllUnknown(
        wanted,
        this.limits,
        this.limits.firstReconciliationSeconds,
      );
      await this.announce(markedUnknown);
      await this.restored.record();
      const done = { orders: markedUnknown.length, teams: new Set(markedUnknown.map(({ teamId }) => teamId)).size };
      this.log.warn(done, 'the database was restored or replaced: its unfinished orders are looked for at the vendor');
      return done;
    });
  }

  private async announce(markedUnknown: UnknownOrder[]): Promise<void> {
    for (let at = 0; at < markedUnknown.length; at += chunk) {
      const some = markedUnknown.slice(at, at + chunk);
      await this.outbox.publish(some.map(({ teamId, id }) => new OrderHeldUp(teamId, id)));
    }
    // One look takes all orders of a connection that are due.
    const looked = Map.groupBy(
      markedUnknown.filter(({ reconcileAt }) => reconcileAt !== null),
      ({ teamId, connectionId }) => `${teamId}/${connectionId}`,
    );
    for (const [first] of looked.values()) {
      if (!first) continue;
      const inSeconds = this.limits.firstReconciliationSeconds;
      await this.outbox.publish([new OrderToReconcile(first.teamId, first.id)], { inSeconds });
    }
  }
}
