import { Module } from '@nestjs/common';
import { readPart } from '#platform/config/reader';
import { HiringApplications } from './adapters/contexts/hiring-applications.js';
import { HiringErasures } from './adapters/contexts/hiring-erasures.js';
import { IntegrationAccounts } from './adapters/contexts/integration-accounts.js';
import { IntegrationOrders } from './adapters/contexts/integration-orders.js';
import { MayOrderBeSentHandler } from './adapters/contexts/may-order-be-sent.js';
import { UnplacedOrdersHandler } from './adapters/contexts/unplaced-orders.js';
import { OrdersAboutCandidatesHandler } from './adapters/contexts/orders-about-candidates.js';
import { PlannedItems } from './adapters/contexts/planned-items.js';
import { ApplicationChecksController } from './adapters/http/application-checks.controller.js';
import { BackgroundChecksController } from './adapters/http/background-checks.controller.js';
import { LiveUpdates } from './adapters/http/live-updates.js';
import { ResendAndDecideController } from './adapters/http/resend-and-decide.controller.js';
import { UpdatesController } from './adapters/http/updates.controller.js';
import { ResultRetentionController } from './adapters/http/result-retention.controller.js';
import { ResultLedger } from './adapters/postgres/result-ledger.js';
import { PostgresResultRetention } from './adapters/postgres/postgres-result-retention.js';
import { ResultRetentionTimer } from './adapters/timers/result-retention-timer.js';
import { ResultRetention } from './domain/result-retention.js';
import { ResultRetentionView } from './views/result-retention.js';
import {
  DeleteErasedHistories,
  DeleteOldIdempotencyRecords,
  DeleteRemovalFailures,
} from './adapters/postgres/housekeeping.js';
import { PostgresChecks } from './adapters/postgres/postgres-checks.js';
import { PostgresIdempotencyRecords } from './adapters/postgres/postgres-idempotency-records.js';
import { IdempotentRequests } from './application/idempotent-requests.js';
import { CancelCheckHandler } from './application/cancel-check.js';
import { CheckAudit } from './application/check-audit.js';
import { CarryOutCancelHandler } from './application/carry-out-cancel.js';
import { DecideCheckHandler } from './application/decide-check.js';
import { EraseCheckHandler } from './application/erase-check.js';
import { ValidateSend } from './application/validate-send.js';
import { FindResultsHandler, OpenResultsHandler } from './application/open-results.js';
import { RecordProgressHandler } from './application/record-progress.js';
import { RefreshCheckHandler } from './application/refresh-check.js';
import { RequestCheckHandler } from './application/request-check.js';
import { RemoveResult } from './application/remove-result.js';
import { SetResultRetentionRuleHandler } from './application/set-result-retention-rule.js';
import { StartResultRetention, WhenResultRetentionDue } from './application/when-result-retention-due.js';
import { SettleCheck } from './application/settle-check.js';
import { ResendCheckHandler } from './application/resend-check.js';
import { WhenApplicationClosed } from './application/when-application-closed.js';
import { WhenCandidateAnonymised } from './application/when-candidate-anonymised.js';
import { WhenCancelOutstanding } from './application/when-cancel-outstanding.js';
import { WhenCaseChanged } from './application/when-case-changed.js';
import { WhenCheckFellBehind } from './application/when-check-fell-behind.js';
import { WhenCheckRequested } from './application/when-check-requested.js';
import { WhenOrderErased } from './application/when-order-erased.js';
import { WhenOrderHeldUp } from './application/when-order-held-up.js';
import { WhenOrderPlaced } from './application/when-order-placed.js';
import { WhenOrderRefused } from './application/when-order-refused.js';
import { WithdrawUnsentHandler } from './application/withdraw-unsent.js';
import {
  Answers,
  Applications,
  Cancelling,
  Checks,
  ErasureProofs,
  Orders,
  PlannedChecks,
  IdempotencyRecords,
  ScreeningAccounts,
} from './domain/ports.js';
import { ApplicationPlanView } from './views/application-plan.js';
import { ChangedChecksView } from './views/changed-checks.js';
import { CheckChangesView } from './views/check-changes.js';
import { CheckHistoryView } from './views/check-history.js';
import { CheckLocator } from './views/check-locator.js';
import { CheckPresenter } from './views/check-presenter.js';
import { ChecksView } from './views/checks.js';
import { FindCheckHandler } from './views/find-check.js';
import { CheckAnswers } from './adapters/postgres/check-answers.js';
import { PostgresCancelling } from './adapters/postgres/postgres-cancelling.js';
import { StalledChecks } from './adapters/postgres/stalled-checks.js';
import { BackgroundChecksSettings, backgroundChecksSettings } from './settings.js';
import { ResultRetentionRuleVersion } from './adapters/postgres/result-retention-version.js';

export { backgroundChecksSchema } from './adapters/postgres/schema.js';

const useCases = [
  RequestCheckHandler,
  ResendCheckHandler,
  DecideCheckHandler,
  RecordProgressHandler,
  CancelCheckHandler,
  CarryOutCancelHandler,
  EraseCheckHandler,
  WithdrawUnsentHandler,
  RefreshCheckHandler,
  OpenResultsHandler,
  FindResultsHandler,
];
const eventHandlers = [
  WhenCheckRequested,
  WhenOrderPlaced,
  WhenOrderRefused,
  WhenOrderHeldUp,
  WhenCaseChanged,
  WhenCancelOutstanding,
  WhenCheckFellBehind,
  WhenApplicationClosed,
  WhenCandidateAnonymised,
  WhenOrderErased,
];
const resultRetention = [
  SetResultRetentionRuleHandler,
  RemoveResult,
  ResultLedger,
  StartResultRetention,
  WhenResultRetentionDue,
  ResultRetentionTimer,
  ResultRetentionView,
  ResultRetentionRuleVersion,
  { provide: ResultRetention, useClass: PostgresResultRetention },
];
const views = [
  CheckPresenter,
  ApplicationPlanView,
  ChecksView,
  CheckHistoryView,
  CheckChangesView,
  ChangedChecksView,
  CheckLocator,
  FindCheckHandler,
];

@Module({
  controllers: [
    BackgroundChecksController,
    ResendAndDecideController,
    ApplicationChecksController,
    UpdatesController,
    ResultRetentionController,
  ],
  providers: [
    { provide: BackgroundChecksSettings, useFactory: () => readPart(backgroundChecksSettings) },
    CheckAudit,
    OrdersAboutCandidatesHandler,
    MayOrderBeSentHandler,
    UnplacedOrdersHandler,
    ...useCases,
    ...eventHandlers,
    ...views,
    IdempotentRequests,
    ValidateSend,
    SettleCheck,
    ...resultRetention,
    DeleteOldIdempotencyRecords,
    DeleteErasedHistories,
    DeleteRemovalFailures,
    LiveUpdates,
    StalledChecks,
    { provide: Checks, useClass: PostgresChecks },
    { provide: Cancelling, useClass: PostgresCancelling },
    { provide: IdempotencyRecords, useClass: PostgresIdempotencyRecords },
    { provide: Answers, useClass: CheckAnswers },
    { provide: ErasureProofs, useClass: HiringErasures },
    { provide: Applications, useClass: HiringApplications },
    { provide: PlannedChecks, useClass: PlannedItems },
    { provide: ScreeningAccounts, useClass: IntegrationAccounts },
    { provide: Orders, useClass: IntegrationOrders },
  ],
})
export class BackgroundChecksModule {}
