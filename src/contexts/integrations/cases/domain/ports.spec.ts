import { caseWatchContract } from '../../../../../test/contracts/integrations/case-watch.contract.js';
import { watchingContract } from '../../../../../test/contracts/integrations/watching.contract.js';
import { erasedOrdersContract } from '../../../../../test/contracts/integrations/erased-orders.contract.js';
import { connectionFactsContract } from '../../../../../test/contracts/integrations/connection-facts.contract.js';
import { inboundEventsContract } from '../../../../../test/contracts/integrations/inbound-events.contract.js';
import { vendorCasesContract } from '../../../../../test/contracts/integrations/vendor-cases.contract.js';
import { World } from '../../../../../test/fakes/integrations/world.js';

import { FakeScheduledTasks } from '../../../../../test/fakes/integrations/fake-scheduled-tasks.js';
import { scheduledTasksContract } from '../../../../../test/contracts/integrations/scheduled-tasks.contract.js';
import { FakeVendor, usualCapabilities } from '../../../../../test/support/fake-vendor.js';
import { Vendors } from '../../gateway/domain/vendors.js';
/** The fakes pass the suites that the adapters pass in `adapters/ports.db-spec.ts`. */
const fakes = () => {
  const world = new World();
  return Object.assign(world, {
    pass: async (seconds: number) => void world.clock.advance({ seconds }),
    flush: async () => undefined,
    casesWithoutOrder: async ({ id }: { id: string }) =>
      world.tables.discrepancies
        .where((row) => row.connectionId === id && row.kind === 'case_without_order')
        .map(({ caseId }) => caseId),
    lastErrorOf: async ({ teamId, id }: { teamId: string; id: string }) =>
      world.tables.lastErrors.get(`${teamId}/${id}`),
  });
};

vendorCasesContract('in memory', fakes);
inboundEventsContract('in memory', fakes);
connectionFactsContract('in memory', fakes);
caseWatchContract('in memory', fakes);
watchingContract('in memory', fakes);
erasedOrdersContract('in memory', fakes);

scheduledTasksContract('in memory', () => {
  const world = fakes();
  const webhooksAlone = new FakeVendor({ ...usualCapabilities, listByTime: false, eventsFeed: false }).asVendor();
  const vendors = new Vendors([new FakeVendor().asVendor(), { ...webhooksAlone, id: 'webhooks-alone' }]);
  const tasks = new FakeScheduledTasks(world.tables, world.connections, vendors);
  return Object.assign(world, {
    tasks,
    vendors: { usual: 'fake', webhooksAlone: 'webhooks-alone' },
    takeLeftovers: async () => undefined,
  });
});
