import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '#kernel/events';
import { Outbox } from '#kernel/ports';
import { JobQueue } from './job-queue.js';

@Injectable()
export class TransactionalOutbox extends Outbox {
  constructor(
    private readonly em: EntityManager,
    private readonly queue: JobQueue,
  ) {
    super();
  }

  async publish(events: DomainEvent[], options: { inSeconds?: number } = {}): Promise<void> {
    if (!this.em.isInTransaction())
      throw new Error('Events are published inside a unit of work, or they could be lost.');
    await this.queue.enqueue(events, options.inSeconds);
  }
}
