import type { EntityManager } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { PostgresAudit } from '#platform/audit/postgres-audit';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { Keyring } from '#platform/secrets/keyring';
import { AnsweredOrderOwners } from './adapters/contexts/answered-order-owners.js';
import { CertnAdapter } from './adapters/certn/certn-adapter.js';
import { CaseLedger } from './adapters/postgres/case-ledger.js';
import { ErasedCases } from './adapters/postgres/erased-cases.js';
import {
  DeleteIdleAccounts,
  DeleteOldInboundEvents,
  DeleteRetiredConnections,
  DeleteExpired,
  KeyErasedCases,
} from './adapters/postgres/housekeeping.js';
import { PostgresConnections } from './connections/adapters/postgres/postgres-connections.js';
import { PostgresErasedOrders } from './adapters/postgres/postgres-erased-orders.js';
import { PostgresUnknownOutcomes } from './adapters/postgres/postgres-unknown-outcomes.js';
import { PostgresRestoredOrders } from './adapters/postgres/postgres-restored-orders.js';
import { PostgresSealedSecrets } from './connections/adapters/postgres/postgres-sealed-secrets.js';
import { PostgresVendorOrders } from './adapters/postgres/postgres-vendor-orders.js';
import { StalledOrders } from './adapters/postgres/stalled-orders.js';
import { RestoreTimer } from './adapters/timers/restore-timer.js';
import { type Resealing, resealSecrets } from './connections/application/reseal-secrets.js';
import { EndCase } from './application/erasing/end-case.js';
import { EraseOrderHandler } from './application/erasing/erase-order.js';
import { EraseEndedOrderHandler, EraseSnapshotHandler } from './application/erasing/erase-ended-order.js';
import { WhenOrderToErase } from './application/erasing/when-order-to-erase.js';
import { ApplyReconciliation } from './application/ordering/apply-reconciliation.js';
import { DecideOrderHandler } from './application/ordering/decide-order.js';
import { MarkOutcomeUnknown } from './application/ordering/mark-outcome-unknown.js';
import { GetOrderHandler } from './application/ordering/get-order.js';
import { ReconcileOrders } from './application/ordering/reconcile-orders.js';
import { OrderCalls } from './application/ordering/order-calls.js';
import { OrderLimits } from './application/ordering/order-limits.js';
import { OrderTurns } from './application/ordering/order-turns.js';
import { PlaceCase } from './application/ordering/place-case.js';
import { PlaceOrderHandler } from './application/ordering/place-order.js';
import { ReadList } from './application/ordering/read-list.js';
import { ReconcileRestored } from './application/ordering/reconcile-restored.js';
import { RecordOutcome } from './application/ordering/record-outcome.js';
import { WhenConnectionStateChanged } from './application/ordering/when-connection-state-changed.js';
import { WhenOrderDue } from './application/ordering/when-order-due.js';
import { WhenOrderToReconcile } from './application/ordering/when-order-to-reconcile.js';
import { WhenUnknownCaseSeen } from './application/ordering/when-unknown-case-seen.js';
import { WithdrawOrderHandler } from './application/ordering/withdraw-order.js';
import { connectingControllers, connectingProviders } from './connections/connections.module.js';
import { Connections } from './connections/domain/connections.js';
import { ErasedOrders } from './domain/erased-orders.js';
import { UnknownOutcomes } from './domain/unknown-outcomes.js';
import { RestoredOrders } from './domain/restored-orders.js';
import { ScreeningProvider } from './gateway/domain/screening-provider.js';
import { OrderOwners, VendorOrders } from './domain/vendor-orders.js';
import { followingControllers, followingProviders } from './following.providers.js';

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
