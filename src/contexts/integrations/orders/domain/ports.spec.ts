import { connectionsContract } from '../../../../../test/contracts/integrations/connections.contract.js';
import { vendorOrdersContract } from '../../../../../test/contracts/integrations/vendor-orders.contract.js';
import { FakeStore, FakeUnitOfWork } from '../../../../../test/fakes/fake-store.js';
import { FakeConnections } from '../../../../../test/fakes/integrations/fake-connections.js';
import { FakeVendorOrders } from '../../../../../test/fakes/integrations/fake-vendor-orders.js';
import { FakeClock, FakeOutbox } from '../../../../../test/fakes/platform.js';

/** The fakes pass the suites that the adapters pass in `adapters/ports.db-spec.ts`. */

vendorOrdersContract('in memory', () => {
  const [store, clock] = [new FakeStore(), new FakeClock()];
  const orders = new FakeVendorOrders(store, clock);
  return {
    ...{ unitOfWork: new FakeUnitOfWork(store), orders },
    pass: async (seconds) => void clock.advance({ seconds }),
    proveAbsent: async ({ teamId, id }) => orders.proveAbsent(teamId, id),
  };
});

connectionsContract('in memory', () => {
  const store = new FakeStore();
  return { unitOfWork: new FakeUnitOfWork(store), connections: new FakeConnections(store, new FakeOutbox(store)) };
});
