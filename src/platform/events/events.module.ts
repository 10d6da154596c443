import { Global, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Outbox } from '#kernel/ports';
import { JobGauges } from './job-gauges.js';
import { JobQueue } from './job-queue.js';
import { Notifications } from './notifications.js';
import { TransactionalOutbox } from './outbox.js';
import { DeadLetters } from './dead-letters.js';
import { DeadLetterNotifier } from './dead-letter-notifier.js';
import { EventHandlerTable } from './event-handler-table.js';
import { RetiredQueues, retiredQueues } from './retired-queues.js';
import { Subscriptions } from './subscriptions.js';
import { SubscriptionTimer } from './subscription-timer.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    EventHandlerTable,
    JobQueue,
    DeadLetters,
    DeadLetterNotifier,
    Notifications,
    JobGauges,
    Subscriptions,
    SubscriptionTimer,
    { provide: RetiredQueues, useValue: retiredQueues },
    { provide: Outbox, useClass: TransactionalOutbox },
  ],
  exports: [JobQueue, DeadLetters, Notifications, Outbox],
})
export class EventsModule implements OnApplicationBootstrap {
  constructor(private readonly queue: JobQueue) {}

  onApplicationBootstrap(): Promise<void> {
    return this.queue.work();
  }
}
