import { Global, Module } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { EndCase } from './cases/application/following/end-case.js';
import { CasesModule } from './cases/cases.module.js';
import { ConnectionsModule } from './connections/connections.module.js';
import { PlacedOrders } from './connections/domain/placed-orders.js';
import { ScreeningProvider } from './gateway/domain/screening-provider.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { OrderedCases } from './orders/domain/ordered-cases.js';
import { VendorOrders } from './orders/domain/vendor-orders.js';
import { OrdersModule } from './orders/orders.module.js';
import { CertnAdapter } from './vendors/certn/certn-adapter.js';

export { secretsRotation } from './connections/connections.module.js';
export type { Resealing } from './connections/application/reseal-secrets.js';
export { ReconcileRestored } from './orders/application/reconcile-restored.js';

/**
 * Composes the four rooms: gateway <- connections <- orders <- cases. Each imports the modules to its left. What a room needs
 * from its right is a port of its own, and is bound here; so is the vendor. Global, because the rooms do not import this module.
 */
@Global()
@Module({
  imports: [GatewayModule, ConnectionsModule, OrdersModule, CasesModule],
  providers: [
    {
      // The vendor of all teams.
      provide: ScreeningProvider,
      inject: [Settings],
      useFactory: ({ certn }: Settings) =>
        new CertnAdapter({ baseUrl: certn.baseUrl ?? undefined, reportHosts: certn.reportHosts }),
    },
    { provide: PlacedOrders, useExisting: VendorOrders },
    { provide: OrderedCases, useExisting: EndCase },
  ],
  exports: [ScreeningProvider, PlacedOrders, OrderedCases],
})
export class IntegrationsModule {}
