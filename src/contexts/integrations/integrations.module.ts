import { Global, Module } from '@nestjs/common';
import { type Reader, readPart } from '#platform/config/reader';
import { EndCase } from './cases/application/following/end-case.js';
import { CasesModule } from './cases/cases.module.js';
import { ConnectionsModule } from './connections/connections.module.js';
import { PlacedOrders } from './connections/domain/placed-orders.js';
import { Vendors } from './gateway/domain/vendors.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { OrderedCases } from './orders/domain/ordered-cases.js';
import { VendorOrders } from './orders/domain/vendor-orders.js';
import { OrdersModule } from './orders/orders.module.js';
import { IntegrationsSettings, integrationsSettings } from './settings.js';
import { vendors } from './vendors/index.js';

export { secretsRotation } from './connections/connections.module.js';
export type { Resealing } from './connections/application/reseal-secrets.js';
export { ReconcileRestored } from './orders/application/reconcile-restored.js';

/** Makes every vendor from its settings. Faults in them are added to the reader's. */
export function makeVendors(reader: Reader): Vendors {
  const [first, ...others] = vendors;
  return new Vendors([first(reader), ...others.map((vendor) => vendor(reader))]);
}

/**
 * Composes the four rooms: gateway <- connections <- orders <- cases. Each imports the modules to its left. What a room needs
 * from its right is a port of its own, and is bound here; so are the vendors. Global, because the rooms do not import this module.
 */
@Global()
@Module({
  imports: [GatewayModule, ConnectionsModule, OrdersModule, CasesModule],
  providers: [
    { provide: IntegrationsSettings, useFactory: () => readPart(integrationsSettings) },
    { provide: Vendors, useFactory: () => readPart(makeVendors) },
    { provide: PlacedOrders, useExisting: VendorOrders },
    { provide: OrderedCases, useExisting: EndCase },
  ],
  exports: [IntegrationsSettings, Vendors, PlacedOrders, OrderedCases],
})
export class IntegrationsModule {}
