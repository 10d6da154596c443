import type { Provider, Type } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { CertnDeliveriesController } from './adapters/http/certn-webhook-events.controller.js';
import { CertnDoor } from './adapters/http/certn-webhook-endpoint.js';
import { OwnOrders } from './adapters/contexts/own-orders.js';
import { DeliveryLocator } from './adapters/postgres/inbound-event-locator.js';
import { PostgresCaseWatch } from './adapters/postgres/postgres-case-watch.js';
import { PostgresDeliveries } from './adapters/postgres/postgres-inbound-events.js';
import { PostgresFeedDeliveries } from './adapters/postgres/postgres-feed-events.js';
import { PostgresFindings } from './adapters/postgres/postgres-discrepancies.js';
import { PostgresRejectedSignatures } from './adapters/postgres/postgres-rejected-signatures.js';
import { PostgresReports } from './adapters/postgres/postgres-reports.js';
import { PostgresRounds } from './adapters/postgres/postgres-scheduled-tasks.js';
import { PostgresSilence } from './adapters/postgres/postgres-missed-webhooks.js';
import { PostgresVendorCases } from './adapters/postgres/postgres-vendor-cases.js';
import { RoundsTimer } from './adapters/timers/scheduled-tasks-timer.js';
import { CancelCaseHandler } from './application/following/cancel-case.js';
import { CaseReader } from './application/following/case-reader.js';
import { GetCaseHandler } from './application/following/get-case.js';
import { OpenReportHandler } from './application/following/open-report.js';
import { RefreshCaseHandler } from './application/following/refresh-case.js';
import { ReplayDeliveryHandler } from './application/following/replay-inbound-event.js';
import { ReportUncancelledHandler } from './application/following/report-uncancelled.js';
import { TakeNotice } from './application/following/receive-webhook.js';
import { UnknownCases } from './application/following/unknown-cases.js';
import { WhenCaseReported } from './application/following/when-case-reported.js';
import { WhenCaseToLookAtAgain, WhenCaseToReadSoon } from './application/following/when-case-to-reread.js';
import { CompareDay } from './application/watching/reconcile-day.js';
import { KeyAgeAlarm } from './application/watching/key-age-alarm.js';
import { ReadFeed } from './application/watching/read-feed.js';
import { SilenceAlarm } from './application/watching/missed-webhooks-alarm.js';
import { StartRounds, WhenConnectionStateChangedStartRounds } from './application/watching/start-scheduled-tasks.js';
import { SweepCases } from './application/watching/sweep-cases.js';
import { TakeEvents } from './application/watching/take-events.js';
import { TakeList } from './application/watching/take-list.js';
import { WatchLimits } from './application/watching/watch-limits.js';
import { WhenRoundDue } from './application/watching/when-task-due.js';
import { CaseWatch } from './domain/case-watch.js';
import { FeedDeliveries } from './domain/feed-events.js';
import { Findings } from './domain/discrepancies.js';
import { Rounds } from './domain/scheduled-tasks.js';
import { Silence } from './domain/missed-webhooks.js';
import { Deliveries, RejectedSignatures, Reports, VendorCases } from './domain/vendor-cases.js';
import { DeliveriesView } from './views/inbound-events-view.js';
import { FindingsView } from './views/discrepancies-view.js';
import { IntegrationGauges } from './views/integration-gauges.js';
import { SecretGauges } from './views/secret-gauges.js';

export const followingControllers: Type[] = [CertnDeliveriesController];

/** One case at a time: notices, readings, what people ask for. */
const following: Provider[] = [
  TakeNotice,
  UnknownCases,
  CertnDoor,
  CaseReader,
  WhenCaseReported,
  WhenCaseToLookAtAgain,
  WhenCaseToReadSoon,
  ReplayDeliveryHandler,
  GetCaseHandler,
  RefreshCaseHandler,
  CancelCaseHandler,
  ReportUncancelledHandler,
  OpenReportHandler,
  DeliveriesView,
  DeliveryLocator,
  OwnOrders,
  { provide: VendorCases, useClass: PostgresVendorCases },
  { provide: Deliveries, useClass: PostgresDeliveries },
  { provide: RejectedSignatures, useClass: PostgresRejectedSignatures },
  { provide: Reports, useClass: PostgresReports },
];

/** All of them, again and again: rounds and what they find. */
const watching: Provider[] = [
  RoundsTimer,
  StartRounds,
  WhenConnectionStateChangedStartRounds,
  WhenRoundDue,
  SweepCases,
  ReadFeed,
  TakeEvents,
  TakeList,
  CompareDay,
  SilenceAlarm,
  KeyAgeAlarm,
  FindingsView,
  IntegrationGauges,
  SecretGauges,
  {
    provide: WatchLimits,
    inject: [Settings],
    useFactory: ({ sweepSeconds, orders, certn }: Settings) =>
      new WatchLimits(sweepSeconds, orders.settleSeconds, certn.requestsPerDay),
  },
  { provide: Rounds, useClass: PostgresRounds },
  { provide: CaseWatch, useClass: PostgresCaseWatch },
  { provide: FeedDeliveries, useClass: PostgresFeedDeliveries },
  { provide: Findings, useClass: PostgresFindings },
  { provide: Silence, useClass: PostgresSilence },
];

export const followingProviders: Provider[] = [...following, ...watching];
