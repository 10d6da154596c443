import { Module, type Provider } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.js';
import { GatewayModule } from '../gateway/gateway.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { OwnOrders } from './adapters/contexts/own-orders.js';
import { WebhookEndpoints } from './adapters/http/webhook-endpoints.js';
import { WebhookLogController } from './adapters/http/webhook-log.controller.js';
import { DeleteExpired, DeleteOldInboundEvents } from './adapters/postgres/housekeeping.js';
import { InboundEventLocator } from './adapters/postgres/inbound-event-locator.js';
import { PostgresCaseWatch } from './adapters/postgres/postgres-case-watch.js';
import { PostgresDiscrepancies } from './adapters/postgres/postgres-discrepancies.js';
import { PostgresFeedEvents } from './adapters/postgres/postgres-feed-events.js';
import { PostgresInboundEvents } from './adapters/postgres/postgres-inbound-events.js';
import { PostgresMissedWebhooks } from './adapters/postgres/postgres-missed-webhooks.js';
import { PostgresRejectedSignatures } from './adapters/postgres/postgres-rejected-signatures.js';
import { PostgresReports } from './adapters/postgres/postgres-reports.js';
import { PostgresScheduledTasks } from './adapters/postgres/postgres-scheduled-tasks.js';
import { PostgresVendorCases } from './adapters/postgres/postgres-vendor-cases.js';
import { ScheduledTasksTimer } from './adapters/timers/scheduled-tasks-timer.js';
import { CancelCaseHandler } from './application/following/cancel-case.js';
import { CaseReader } from './application/following/case-reader.js';
import { EndCase } from './application/following/end-case.js';
import { GetCaseHandler } from './application/following/get-case.js';
import { OpenReportHandler } from './application/following/open-report.js';
import { ReceiveWebhook } from './application/following/receive-webhook.js';
import { RefreshCaseHandler } from './application/following/refresh-case.js';
import { ReplayInboundEventHandler } from './application/following/replay-inbound-event.js';
import { ReportUncancelledHandler } from './application/following/report-uncancelled.js';
import { UnknownCases } from './application/following/unknown-cases.js';
import { WhenCaseReported } from './application/following/when-case-reported.js';
import { WhenCaseToReread, WhenCaseToReadSoon } from './application/following/when-case-to-reread.js';
import { WhenUnknownCaseSeen } from './application/following/when-unknown-case-seen.js';
import { MissedWebhooksAlarm } from './application/watching/missed-webhooks-alarm.js';
import { ReadFeed } from './application/watching/read-feed.js';
import { ReconcileDay } from './application/watching/reconcile-day.js';
import {
  StartScheduledTasks,
  WhenConnectionStateChangedStartScheduledTasks,
} from './application/watching/start-scheduled-tasks.js';
import { SweepCases } from './application/watching/sweep-cases.js';
import { TakeEvents } from './application/watching/take-events.js';
import { TakeList } from './application/watching/take-list.js';
import { WatchLimits } from './application/watching/watch-limits.js';
import { WhenTaskDue } from './application/watching/when-task-due.js';
import { CaseWatch } from './domain/case-watch.js';
import { Discrepancies } from './domain/discrepancies.js';
import { FeedEvents } from './domain/feed-events.js';
import { MissedWebhooks } from './domain/missed-webhooks.js';
import { ScheduledTasks } from './domain/scheduled-tasks.js';
import { InboundEvents, RejectedSignatures, Reports, VendorCases } from './domain/vendor-cases.js';
import { DiscrepanciesView } from './views/discrepancies.js';
import { InboundEventsView } from './views/inbound-events.js';
import { IntegrationsSettings } from '../settings.js';

/** One case at a time: webhook events, reads, requests of users. */
const following: Provider[] = [
  ReceiveWebhook,
  UnknownCases,
  WhenUnknownCaseSeen,
  WebhookEndpoints,
  CaseReader,
  WhenCaseReported,
  WhenCaseToReread,
  WhenCaseToReadSoon,
  ReplayInboundEventHandler,
  GetCaseHandler,
  RefreshCaseHandler,
  CancelCaseHandler,
  ReportUncancelledHandler,
  OpenReportHandler,
  EndCase,
  InboundEventsView,
  InboundEventLocator,
  DeleteOldInboundEvents,
  DeleteExpired,
  OwnOrders,
  { provide: VendorCases, useClass: PostgresVendorCases },
  { provide: InboundEvents, useClass: PostgresInboundEvents },
  { provide: RejectedSignatures, useClass: PostgresRejectedSignatures },
  { provide: Reports, useClass: PostgresReports },
];

/** All cases: the scheduled tasks and what they find. */
const watching: Provider[] = [
  ScheduledTasksTimer,
  StartScheduledTasks,
  WhenConnectionStateChangedStartScheduledTasks,
  WhenTaskDue,
  SweepCases,
  ReadFeed,
  TakeEvents,
  TakeList,
  ReconcileDay,
  MissedWebhooksAlarm,
  DiscrepanciesView,
  {
    provide: WatchLimits,
    inject: [IntegrationsSettings],
    useFactory: ({ sweepSeconds, orders }: IntegrationsSettings) =>
      new WatchLimits(sweepSeconds, orders.visibilityLagSeconds),
  },
  { provide: ScheduledTasks, useClass: PostgresScheduledTasks },
  { provide: CaseWatch, useClass: PostgresCaseWatch },
  { provide: FeedEvents, useClass: PostgresFeedEvents },
  { provide: Discrepancies, useClass: PostgresDiscrepancies },
  { provide: MissedWebhooks, useClass: PostgresMissedWebhooks },
];

/** What became of the orders at the vendor: webhook events, reads, reports, scheduled tasks, discrepancies. */
@Module({
  imports: [GatewayModule, ConnectionsModule, OrdersModule],
  controllers: [WebhookLogController],
  providers: [...following, ...watching],
  exports: [EndCase],
})
export class CasesModule {}
