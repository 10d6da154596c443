import { CommandBus } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { schemas } from '../../../../schemas.js';
import {
  ordersOfChecksContract,
  type Situation,
} from '../../../../../test/contracts/background-checks/orders.contract.js';
import { anId } from '../../../../../test/fakes/platform.js';
import { environmentOfOwner } from '../../../../../test/support/environment.js';
import { FakeVendor } from '../../../../../test/support/fake-vendor.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { Connect } from '../../../integrations/connections/application/connect.js';
import { Vendors } from '../../../integrations/gateway/domain/vendors.js';
import { IntegrationsModule } from '../../../integrations/integrations.module.js';
import { IntegrationOrders } from './integration-orders.js';

const email = 'ada@example.org';
const vendor = new FakeVendor();

let database: TestDatabase;
let module: TestingModule;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  Object.assign(process.env, environmentOfOwner(database.url, { ROLE: 'api' }));
  module = await Test.createTestingModule({
    imports: [PlatformModule, DatabaseModule.forSchemas(schemas), IntegrationsModule],
    providers: [IntegrationOrders],
  })
    .overrideProvider(Vendors)
    .useValue(new Vendors([vendor.asVendor()]))
    .compile();
  module.useLogger(false);
  await module.init();
  db = module.get(Database);
});
afterAll(async () => {
  await module?.close();
  await database?.drop();
});

ordersOfChecksContract('in integrations', () => ({
  unitOfWork: module.get(UnitOfWork),
  orders: module.get(IntegrationOrders),
  vendor: 'fake',
  aTeam,
  anOrder,
  vendorShows: async (teamId, orderId, state) => {
    const order = await db.first(sql<{ case_id: string }>`
      select case_id from integrations.order where team_id = ${teamId} and id = ${orderId}`);
    vendor.moveCase(order?.case_id ?? '', { state });
  },
}));

async function aTeam(): Promise<string> {
  const teamId = anId();
  vendor.addAccount(`key-of-${teamId}`);
  const admin = new Caller(
    teamId,
    { id: anId(), name: 'Ada' },
    'admin',
    { kind: 'all_but', jobIds: [] },
    new Map(),
    [],
  );
  const input = {
    apiKey: `key-of-${teamId}`,
    webhookSecret: 'secret',
    region: 'ca',
    environment: 'production',
  } as const;
  await module.get(CommandBus).execute(new Connect(admin, 'fake', input));
  return teamId;
}

interface OrderRow {
  state: string;
  waiting_for?: string;
  message?: string;
}

const rowIn: Record<Exclude<Situation, `case ${string}` | `erased ${string}`>, OrderRow> = {
  waiting: { state: 'requested' },
  'waiting for the connection': { state: 'requested', waiting_for: 'connection_attention' },
  held: { state: 'requested', waiting_for: 'orders_held' },
  'being sent': { state: 'sending' },
  'outcome unknown': { state: 'in_doubt' },
  'waiting to be resent': { state: 'in_doubt', waiting_for: 'resends_of_the_hour' },
  undecided: { state: 'needs_decision' },
  placed: { state: 'ordered' },
  refused: { state: 'rejected', message: 'No.' },
  withdrawn: { state: 'withdrawn' },
};

/** Writes the rows that the integrations context would have written by then. */
async function anOrder(teamId: string, situation: Situation): Promise<Id> {
  const [kind, caseState] = situation.split(' ') as [string, never];
  const follows = kind === 'case' || kind === 'erased';
  const { state, waiting_for = null, message = null } = follows ? rowIn.placed : rowIn[situation as keyof typeof rowIn];
  const aCase = () => vendor.addCase(account(teamId), { email, state: follows ? caseState : 'ordered' }).id;
  const candidates = situation === 'undecided' ? [aCase(), aCase()] : [];
  const caseId = state === 'ordered' && kind !== 'erased' ? aCase() : null;
  const id = anId();
  await db.affected(sql`
    insert into integrations.order (team_id, id, connection_id, account_key, package_id, email, email_canonical, state,
      attempt, message, waiting_for, case_id, candidates, visible_at, erased_at)
    select team_id, ${id}, id, account_key, 'package-basic', ${email}, ${email}, ${state}, 1, ${message}, ${waiting_for},
      ${caseId}, ${candidates}::text[], now() - interval '1 hour', ${kind === 'erased' ? new Date() : null}
    from integrations.connection where team_id = ${teamId}`);
  if (follows) await readCase(teamId, id, caseId, caseState);
  return id;
}

async function readCase(teamId: string, orderId: Id, caseId: string | null, state: string): Promise<void> {
  await db.affected(sql`
    insert into integrations.vendor_case (team_id, order_id, connection_id, case_id, state, vendor_status, revision, confirmed_at)
    select team_id, ${orderId}, id, ${caseId}, ${state}, 'CASE_ORDERED', 1, now()
    from integrations.connection where team_id = ${teamId}`);
}

function account(teamId: string) {
  const found = vendor.accounts.get(`key-of-${teamId}`);
  if (!found) throw new Error('The team has no account at the vendor.');
  return found;
}
