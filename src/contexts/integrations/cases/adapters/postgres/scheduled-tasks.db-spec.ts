import { sql } from 'kysely';
import { readPart } from '#platform/config/reader';
import { Outbox } from '#kernel/ports';
import { EntityManager } from '@mikro-orm/postgresql';
import { scheduledTasksContract } from '../../../../../../test/contracts/integrations/scheduled-tasks.contract.js';
import { aSavedConnection } from '../../../../../../test/contracts/integrations/case-fixtures.js';
import { FakeVendor, usualCapabilities } from '../../../../../../test/support/fake-vendor.js';
import { OrderTable } from '../../../../../../test/support/order-table.js';
import { PostgresConnections } from '../../../connections/adapters/postgres/postgres-connections.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { integrationsSettings } from '../../../settings.js';
import { PostgresScheduledTasks } from './postgres-scheduled-tasks.js';

const usual = new FakeVendor().asVendor();
const webhooksAlone = new FakeVendor({ ...usualCapabilities, listByTime: false, eventsFeed: false }).asVendor();
const vendors = new Vendors([usual, { ...webhooksAlone, id: 'webhooks-alone' }]);

let table: OrderTable;
beforeAll(async () => {
  table = await OrderTable.open({ SWEEP_SECONDS: '600' });
});
afterAll(() => table?.close());

const adapters = () => ({
  unitOfWork: table.unitOfWork,
  connections: new PostgresConnections(table.get(EntityManager), table.db, table.get(Outbox)),
  tasks: new PostgresScheduledTasks(table.db, readPart(integrationsSettings), vendors),
  vendors: { usual: usual.id, webhooksAlone: 'webhooks-alone' },
  pass: async (seconds: number) =>
    void (await table.db.affected(sql`
      update integrations.scheduled_task set due_at = due_at - ${seconds} * interval '1 second',
                                    was_due = was_due - ${seconds} * interval '1 second'`)),
  takeLeftovers: async () => {
    await table.db.affected(sql`delete from integrations.scheduled_task`);
    await table.db.affected(sql`delete from integrations.connection`);
  },
});

scheduledTasksContract('in Postgres', adapters);

describe('scheduled tasks', () => {
  it('leave a kind that only another release knows to that release', async () => {
    const { takeLeftovers, tasks, unitOfWork, connections } = adapters();
    await takeLeftovers();
    const { teamId, id } = await aSavedConnection({ unitOfWork, connections }, { vendor: usual.id });
    await table.db.affected(sql`
      insert into integrations.scheduled_task (team_id, connection_id, kind, due_at, interval_seconds)
      values (${teamId}, ${id}, 'lost_attempts', now() - interval '1 day', 30)`);
    expect(await tasks.takeDue(10)).toEqual([]);
  });
});
