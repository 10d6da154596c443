import { Injectable, Logger } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { Ticker } from '../ticker.js';
import { type StalledKind, StalledWork, workOf } from './stalled-work.js';
import { registered } from '../registered.js';

const everyMs = 5_000;

/** Publishes the events of rows that lost their job. Any replica may: the transaction that publishes an event marks its row. */
@Injectable()
export class StalledWorkTimer extends Ticker {
  private readonly log = new Logger('reconciler');

  constructor(
    settings: Settings,
    private readonly discovery: DiscoveryService,
    private readonly unitOfWork: UnitOfWork,
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {
    super(settings, 'reconciler', everyMs);
  }

  protected async tick(): Promise<void> {
    for (const { kinds } of registered(this.discovery, StalledWork)) {
      for (const kind of kinds) await this.recurring.run(workOf(kind.kind), () => this.reconcile(kind));
    }
  }

  private async reconcile({ kind, take, event }: StalledKind): Promise<void> {
    const found = await this.unitOfWork.run(async () => {
      const rows = await this.database.rows(take);
      await this.outbox.publish(rows.map(event));
      return rows.length;
    });
    if (found > 0) this.log.warn({ found }, `${kind} had no job: they have one again`);
  }
}
