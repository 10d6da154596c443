import type { EntityManager } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { PostgresAudit } from '#platform/audit/postgres-audit';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { Keyring } from '#platform/secrets/keyring';
import { AnsweredOrderOwners } from './orders/adapters/contexts/answered-order-owners.js';
import { CertnAdapter } from './vendors/certn/certn-adapter.js';
import { CaseLedger } from './orders/adapters/postgres/case-ledger.js';
import { ErasedCases } from './orders/adapters/postgres/erased-cases.js';
import {
  DeleteIdleAccounts,
  DeleteOldInboundEvents,
  DeleteRetiredConnections,
  DeleteExpired,
  KeyErasedCases,
} from './cases/adapters/postgres/housekeeping.js';
import { PostgresConnections } from './connections/adapters/postgres/postgres-connections.js';
import { PostgresErasedOrders } from './orders/adapters/postgres/postgres-erased-orders.js';
import { PostgresUnknownOutcomes } from './orders/adapters/postgres/postgres-unknown-outcomes.js';
import { PostgresRestoredOrders } from './orders/adapters/postgres/postgres-restored-orders.js';
import { PostgresSealedSecrets } from './connections/adapters/postgres/postgres-sealed-secrets.js';
import { PostgresVendorOrders } from './orders/adapters/postgres/postgres-vendor-orders.js';
import { StalledOrders } from './orders/adapters/postgres/stalled-orders.js';
import { RestoreTimer } from './orders/adapters/timers/restore-timer.js';
import { type Resealing, resealSecrets } from './connections/application/reseal-secrets.js';
import { EndCase } from './cases/application/following/end-case.js';
import { EraseOrderHandler } from './orders/application/erasing/erase-order.js';
import { EraseEndedOrderHandler, EraseSnapshotHandler } from './orders/application/erasing/erase-ended-order.js';
import { WhenOrderToErase } from './orders/application/erasing/when-order-to-erase.js';
import { ApplyReconciliation } from './orders/application/apply-reconciliation.js';
import { DecideOrderHandler } from './orders/application/decide-order.js';
import { MarkOutcomeUnknown } from './orders/application/mark-outcome-unknown.js';
import { GetOrderHandler } from './orders/application/get-order.js';
import { ReconcileOrders } from './orders/application/reconcile-orders.js';
import { OrderCalls } from './orders/application/order-calls.js';
import { OrderLimits } from './orders/application/order-limits.js';
import { OrderTurns } from './orders/application/order-turns.js';
import { PlaceCase } from './orders/application/place-case.js';
import { PlaceOrderHandler } from './orders/application/place-order.js';
import { ReadList } from './orders/application/read-list.js';
import { ReconcileRestored } from './orders/application/reconcile-restored.js';
import { RecordOutcome } from './orders/application/record-outcome.js';
import { WhenConnectionStateChanged } from './orders/application/when-connection-state-changed.js';
import { WhenOrderDue } from './orders/application/when-order-due.js';
import { WhenOrderToReconcile } from './orders/application/when-order-to-reconcile.js';
import { WhenUnknownCaseSeen } from './cases/application/following/when-unknown-case-seen.js';
import { WithdrawOrderHandler } from './orders/application/withdraw-order.js';
import { connectingControllers, connectingProviders } from './connections/connections.module.js';
import { Connections } from './connections/domain/connections.js';
import { ErasedOrders } from './orders/domain/erased-orders.js';
import { UnknownOutcomes } from './orders/domain/unknown-outcomes.js';
import { RestoredOrders } from './orders/domain/restored-orders.js';
import { ScreeningProvider } from './gateway/domain/screening-provider.js';
import { OrderOwners, VendorOrders } from './orders/domain/vendor-orders.js';
import { followingControllers, followingProviders } from './cases/cases.module.js';

const ordering = [
  PlaceOrderHandler,
  WhenOrderDue,
  OrderCalls,
  RecordOutcome,
  WithdrawOrderHandler,
  GetOrderHandler,
  WhenConnectionStateChanged,
  {
    provide: OrderLimits,
    inject: [Settings],
    useFactory: ({ orders, certn }: Settings) =>
      new OrderLimits(
        orders.timeoutMs,
        orders.visibilityLagSeconds,
        orders.outcomeUnknownSeconds,
        orders.resends,
        orders.resendsPerHour,
        60 / certn.requestsPerMinute,
        orders.held,
      ),
  },
  MarkOutcomeUnknown,
  PlaceCase,
  ReadList,
  ApplyReconciliation,
  ReconcileOrders,
  WhenOrderToReconcile,
  WhenUnknownCaseSeen,
  DecideOrderHandler,
  OrderTurns,
  StalledOrders,
  { provide: OrderOwners, useClass: AnsweredOrderOwners },
  { provide: VendorOrders, useClass: PostgresVendorOrders },
  { provide: UnknownOutcomes, useClass: PostgresUnknownOutcomes },
  ReconcileRestored,
  RestoreTimer,
  { provide: RestoredOrders, useClass: PostgresRestoredOrders },
];

/** The use case without Nest, for the command that rotates the key. */
export const secretsRotation = (em: EntityManager, keys: Settings['credentialsKeys']): Promise<Resealing> => {
  const database = new Database(em);
  const [unitOfWork, audit] = [new PostgresUnitOfWork(em), new PostgresAudit(database)];
  return resealSecrets(new PostgresSealedSecrets(database), new Keyring(keys), unitOfWork, audit);
};
export { ReconcileRestored };
export type { Resealing };

const erasing = [
  EraseOrderHandler,
  EraseEndedOrderHandler,
  EraseSnapshotHandler,
  WhenOrderToErase,
  EndCase,
  ErasedCases,
  KeyErasedCases,
  CaseLedger,
  DeleteExpired,
  DeleteOldInboundEvents,
  DeleteRetiredConnections,
  DeleteIdleAccounts,
  { provide: ErasedOrders, useClass: PostgresErasedOrders },
];

@Module({
  controllers: [...connectingControllers, ...followingControllers],
  providers: [
    { provide: Connections, useClass: PostgresConnections },
    {
      // The vendor of all teams.
      provide: ScreeningProvider,
      inject: [Settings],
      useFactory: ({ certn }: Settings) =>
        new CertnAdapter({ baseUrl: certn.baseUrl ?? undefined, reportHosts: certn.reportHosts }),
    },
    ...connectingProviders,
    ...ordering,
    ...erasing,
    ...followingProviders,
  ],
})
export class IntegrationsModule {}
