import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.js';
import { GatewayModule } from '../gateway/gateway.module.js';
import { AnsweredOrderOwners } from './adapters/contexts/answered-order-owners.js';
import { CaseLedger } from './adapters/postgres/case-ledger.js';
import { KeyErasedCases } from './adapters/postgres/housekeeping.js';
import { PostgresCaseLinks } from './adapters/postgres/postgres-case-links.js';
import { PostgresErasedCases } from './adapters/postgres/postgres-erased-cases.js';
import { PostgresErasedOrders } from './adapters/postgres/postgres-erased-orders.js';
import { PostgresRestoredOrders } from './adapters/postgres/postgres-restored-orders.js';
import { PostgresUnknownOutcomes } from './adapters/postgres/postgres-unknown-outcomes.js';
import { PostgresVendorOrders } from './adapters/postgres/postgres-vendor-orders.js';
import { OrdersHeldNote } from './adapters/http/orders-held-note.js';
import { StalledOrders } from './adapters/postgres/stalled-orders.js';
import { RestoreTimer } from './adapters/timers/restore-timer.js';
import { ApplyReconciliation } from './application/apply-reconciliation.js';
import { DecideOrderHandler } from './application/decide-order.js';
import { EraseEndedOrderHandler, EraseSnapshotHandler } from './application/erasing/erase-ended-order.js';
import { EraseOrderHandler } from './application/erasing/erase-order.js';
import { WhenOrderToErase } from './application/erasing/when-order-to-erase.js';
import { GetOrderHandler } from './application/get-order.js';
import { MarkOutcomeUnknown } from './application/mark-outcome-unknown.js';
import { OrderCalls } from './application/order-calls.js';
import { OrderLimits } from './application/order-limits.js';
import { OrderTurns } from './application/order-turns.js';
import { PlaceCase } from './application/place-case.js';
import { PlaceOrderHandler } from './application/place-order.js';
import { ReadList } from './application/read-list.js';
import { ReconcileOrders } from './application/reconcile-orders.js';
import { ReconcileRestored } from './application/reconcile-restored.js';
import { RecordOutcome } from './application/record-outcome.js';
import { SendAgain } from './application/send-again.js';
import { WhenConnectionStateChanged } from './application/when-connection-state-changed.js';
import { WhenOrderDue } from './application/when-order-due.js';
import { WhenOrderToReconcile } from './application/when-order-to-reconcile.js';
import { WithdrawOrderHandler } from './application/withdraw-order.js';
import { CaseLinks } from './domain/case-links.js';
import { ErasedCases } from './domain/erased-cases.js';
import { ErasedOrders } from './domain/erased-orders.js';
import { RestoredOrders } from './domain/restored-orders.js';
import { UnknownOutcomes } from './domain/unknown-outcomes.js';
import { OrderOwners, VendorOrders } from './domain/vendor-orders.js';
import { OrderGauges } from './views/order-gauges.js';
import { IntegrationsSettings } from '../settings.js';

const placing = [
  PlaceOrderHandler,
  WhenOrderDue,
  OrderCalls,
  RecordOutcome,
  SendAgain,
  WithdrawOrderHandler,
  GetOrderHandler,
  WhenConnectionStateChanged,
  OrderTurns,
  PlaceCase,
  OrderGauges,
  StalledOrders,
  OrdersHeldNote,
  {
    provide: OrderLimits,
    inject: [IntegrationsSettings],
    useFactory: ({ orders }: IntegrationsSettings) =>
      new OrderLimits(
        orders.timeoutMs,
        orders.visibilityLagSeconds,
        orders.outcomeUnknownSeconds,
        orders.resends,
        orders.resendsPerHour,
        orders.held,
      ),
  },
  { provide: OrderOwners, useClass: AnsweredOrderOwners },
  { provide: VendorOrders, useClass: PostgresVendorOrders },
  { provide: CaseLinks, useClass: PostgresCaseLinks },
];

const reconciling = [
  MarkOutcomeUnknown,
  ReadList,
  ApplyReconciliation,
  ReconcileOrders,
  WhenOrderToReconcile,
  DecideOrderHandler,
  ReconcileRestored,
  RestoreTimer,
  { provide: UnknownOutcomes, useClass: PostgresUnknownOutcomes },
  { provide: RestoredOrders, useClass: PostgresRestoredOrders },
];

const erasing = [
  EraseOrderHandler,
  EraseEndedOrderHandler,
  EraseSnapshotHandler,
  WhenOrderToErase,
  KeyErasedCases,
  CaseLedger,
  PostgresErasedCases,
  { provide: ErasedCases, useExisting: PostgresErasedCases },
  { provide: ErasedOrders, useClass: PostgresErasedOrders },
];

/** Orders: placing, reconciling, deciding, erasing. */
@Module({
  imports: [GatewayModule, ConnectionsModule],
  providers: [...placing, ...reconciling, ...erasing],
  exports: [VendorOrders, OrderLimits, ReconcileOrders, UnknownOutcomes, CaseLinks, ErasedCases],
})
export class OrdersModule {}
