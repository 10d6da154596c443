import { caseLinksContract } from '../../../../../test/contracts/integrations/case-links.contract.js';
import { connectionsContract } from '../../../../../test/contracts/integrations/connections.contract.js';
import { orderMovesContract } from '../../../../../test/contracts/integrations/order-moves.contract.js';
import { orderTurnsContract } from '../../../../../test/contracts/integrations/order-turns.contract.js';
import { restoredOrdersContract } from '../../../../../test/contracts/integrations/restored-orders.contract.js';
import { unknownOutcomesContract } from '../../../../../test/contracts/integrations/unknown-outcomes.contract.js';
import { vendorOrdersContract } from '../../../../../test/contracts/integrations/vendor-orders.contract.js';
import { FakeStore, FakeUnitOfWork } from '../../../../../test/fakes/fake-store.js';
import { FakeCaseLinks, FakeErasedCases } from '../../../../../test/fakes/integrations/fake-case-links.js';
import { FakeConnections } from '../../../../../test/fakes/integrations/fake-connections.js';
import { FakeRestoredOrders } from '../../../../../test/fakes/integrations/fake-restored-orders.js';
import { FakeUnknownOutcomes } from '../../../../../test/fakes/integrations/fake-unknown-outcomes.js';
import { FakeVendorCases } from '../../../../../test/fakes/integrations/fake-vendor-cases.js';
import { FakeVendorOrders } from '../../../../../test/fakes/integrations/fake-vendor-orders.js';
import { IntegrationsTables } from '../../../../../test/fakes/integrations/tables.js';
import { FakeClock, FakeFingerprints, FakeOutbox } from '../../../../../test/fakes/platform.js';

/** The fakes pass the suites that the adapters pass in `adapters/ports.db-spec.ts`. */
const fakes = () => {
  const [store, clock, fingerprints] = [new FakeStore(), new FakeClock(), new FakeFingerprints()];
  const tables = new IntegrationsTables(store, clock);
  const erasedCases = new FakeErasedCases(tables, fingerprints);
  const connections = new FakeConnections(store, new FakeOutbox(store));
  return {
    unitOfWork: new FakeUnitOfWork(store),
    orders: new FakeVendorOrders(tables),
    unknownOutcomes: new FakeUnknownOutcomes(tables, erasedCases),
    links: new FakeCaseLinks(tables, erasedCases, fingerprints),
    cases: new FakeVendorCases(tables),
    connections,
    restoredOrders: new FakeRestoredOrders(tables, connections),
    pass: async (seconds: number) => void clock.advance({ seconds }),
    restore: async () => tables.restore(),
  };
};

vendorOrdersContract('in memory', fakes);
orderMovesContract('in memory', fakes);
orderTurnsContract('in memory', fakes);
unknownOutcomesContract('in memory', fakes);
caseLinksContract('in memory', fakes);
restoredOrdersContract('in memory', fakes);
connectionsContract('in memory', fakes);
