import { StalledChecks } from '../contexts/background-checks/adapters/postgres/stalled-checks.js';
import { StalledOrders } from '../contexts/integrations/orders/adapters/postgres/stalled-orders.js';
import { workOf } from '../platform/stalled-work/stalled-work.js';
import { workForm } from './jobs.js';

describe('The command that retries recurring work', () => {
  it.each([...new StalledChecks().kinds, ...new StalledOrders().kinds].map(({ kind }) => workOf(kind)))(
    'takes the name of %s',
    (work) => expect(work).toMatch(workForm),
  );
});
