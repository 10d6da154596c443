import { Global, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Outbox } from '#kernel/ports';
import { JobQueue } from './job-queue.js';
import { Notifications } from './notifications.js';
import { TransactionalOutbox } from './outbox.js';
import { ReactionTable } from './reaction-table.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [ReactionTable, JobQueue, Notifications, { provide: Outbox, useClass: TransactionalOutbox }],
  exports: [JobQueue, Notifications, Outbox],
})
export class EventsModule implements OnApplicationBootstrap {
  constructor(private readonly queue: JobQueue) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queue.work();
  }
}
