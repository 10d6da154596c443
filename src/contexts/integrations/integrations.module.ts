import { Module } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { CertnAdapter } from './adapters/certn/certn-adapter.js';
import { CertnDoor } from './adapters/http/certn-door.js';
import { PostgresConnections } from './adapters/postgres/postgres-connections.js';
import { PostgresDeliveries } from './adapters/postgres/postgres-deliveries.js';
import { PostgresRejectedSignatures } from './adapters/postgres/postgres-rejected-signatures.js';
import { PostgresReports } from './adapters/postgres/postgres-reports.js';
import { PostgresVendorCases } from './adapters/postgres/postgres-vendor-cases.js';
import { PostgresVendorOrders } from './adapters/postgres/postgres-vendor-orders.js';
import { CancelCaseHandler } from './application/following/cancel-case.js';
import { CaseReader } from './application/following/case-reader.js';
import { GetCaseHandler } from './application/following/get-case.js';
import { OpenReportHandler } from './application/following/open-report.js';
import { RefreshCaseHandler } from './application/following/refresh-case.js';
import { TakeNotice } from './application/following/take-notice.js';
import { WhenCaseReported } from './application/following/when-case-reported.js';
import { WhenCaseToLookAtAgain } from './application/following/when-case-to-look-at-again.js';
import { GetOrderHandler } from './application/ordering/get-order.js';
import { OrderLimits } from './application/ordering/order-limits.js';
import { PlaceOrderHandler } from './application/ordering/place-order.js';
import { RecordOutcome } from './application/ordering/record-outcome.js';
import { WhenConnectionStateChanged } from './application/ordering/when-connection-state-changed.js';
import { WhenOrderDue } from './application/ordering/when-order-due.js';
import { WithdrawOrderHandler } from './application/ordering/withdraw-order.js';
import { connectingControllers, connectingProviders } from './connecting.providers.js';
import { Connections } from './domain/connections.js';
import { ScreeningProvider } from './domain/screening-provider.js';
import { Deliveries, RejectedSignatures, Reports, VendorCases } from './domain/vendor-cases.js';
import { VendorOrders } from './domain/vendor-orders.js';

const ordering = [
  PlaceOrderHandler,
  WhenOrderDue,
  RecordOutcome,
  WithdrawOrderHandler,
  GetOrderHandler,
  WhenConnectionStateChanged,
  {
    provide: OrderLimits,
    inject: [Settings],
    useFactory: (settings: Settings) => new OrderLimits(settings.orders.timeoutMs),
  },
  { provide: VendorOrders, useClass: PostgresVendorOrders },
];

const following = [
  TakeNotice,
  CertnDoor,
  CaseReader,
  WhenCaseReported,
  WhenCaseToLookAtAgain,
  GetCaseHandler,
  RefreshCaseHandler,
  CancelCaseHandler,
  OpenReportHandler,
  { provide: VendorCases, useClass: PostgresVendorCases },
  { provide: Deliveries, useClass: PostgresDeliveries },
  { provide: RejectedSignatures, useClass: PostgresRejectedSignatures },
  { provide: Reports, useClass: PostgresReports },
];

@Module({
  controllers: connectingControllers,
  providers: [
    { provide: Connections, useClass: PostgresConnections },
    {
      // The one line that a second vendor changes.
      provide: ScreeningProvider,
      inject: [Settings],
      useFactory: (settings: Settings) => new CertnAdapter({ baseUrl: settings.certn.baseUrl ?? undefined }),
    },
    ...connectingProviders,
    ...ordering,
    ...following,
  ],
})
export class IntegrationsModule {}
