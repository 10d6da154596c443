import { sql } from 'kysely';
import { v7 } from 'uuid';
import type { Database } from '#platform/database/database';
import { Connection } from '../../src/contexts/integrations/connections/domain/connection.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { type Exploration, Explorer } from './explore.js';
import { type Job, Machine, type OtherRepositories, webhookSecret } from './machine.js';
import { Player } from './player.js';
import { Rows, type Tables } from './rows.js';
import { type Allowance, Steps } from './steps.js';
import { Store } from './store.js';
import { Heap, type Json } from './values.js';
import { sentinelCase } from './vendor.js';
import type { World } from './world.js';

const ids = { team: v7(), connection: v7(), order: v7(), older: v7() };
const order = {
  ...{ teamId: ids.team, orderId: ids.order, vendor: 'fake' },
  ...{ packageId: 'package-basic', email: 'ada@example.org' },
};
const host = 'https://vendor.example.org';
/** Seconds ago: the older order's attempt, and the end of its visibility lag. */
const older = { from: 900, settled: 600 };

/** A connected team that is about to place one order, and the order machine. */
export class Scenario {
  private constructor(
    private readonly database: TestDatabase,
    private readonly machine: Machine,
    private readonly rows: Rows,
  ) {}

  static async connected(others?: OtherRepositories): Promise<Scenario> {
    const database = await createTestDatabase();
    const machine = await Machine.on(database.url, others);
    await disableSyncCommit(machine.database);
    await connect(machine);
    await placeOlderOrder(machine);
    return new Scenario(database, machine, await Rows.of(machine.database));
  }

  async explore(allowance: Allowance): Promise<Exploration> {
    const heap = new Heap();
    const store = new Store(this.rows, heap);
    const player = new Player(this.machine, store, heap);
    const steps = new Steps(this.machine, player, order, allowance);
    const place: Job = { name: 'PlaceOrder', payload: order };
    const start: World = {
      rows: heap.put(await this.rows.read(this.rows.tables)),
      handed: [],
      sentinel: -older.from,
      sends: 0,
      queue: [{ job: heap.put(place as unknown as Json), due: 0 }],
      workers: [],
      people: [],
      faults: 0,
      cancel: null,
      decided: false,
      closed: false,
    };
    const found = await new Explorer(steps, store).explore(start);
    await this.rows.write(heap.get<Tables>(start.rows));
    return found;
  }

  async close(): Promise<void> {
    await this.machine.close();
    await this.database.drop();
  }
}

/** Speeds the test up: nothing here needs to survive a power failure. */
async function disableSyncCommit(database: Database): Promise<void> {
  await database.rows(sql`
    do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`);
  await database.rows(sql`set synchronous_commit = off`);
}

async function connect(machine: Machine): Promise<void> {
  const now = new Date();
  const secret = { sealed: webhookSecret, last4: 'cret', savedAt: now.toISOString(), savedBy: 'Ada' };
  const account = `${host}#key`;
  const made = new Connection(ids.team, ids.connection, 'fake', 'ca', 'sandbox', secret, secret, account, now, now);
  await machine.unitOfWork.run(() => machine.connections.add(made));
}

/** Its case is the sentinel: a list that shows it is healthy. */
async function placeOlderOrder({ database }: Machine): Promise<void> {
  const ago = (seconds: number) => sql`now() - ${seconds} * interval '1 second'`;
  await database.affected(sql`
    insert into integrations.order
      (team_id, id, connection_id, account_key, package_id, email, email_canonical, state, attempt, case_id,
       sending_since, deadline, unknown_since, visible_at)
    values (${ids.team}, ${ids.older}, ${ids.connection}, ${`${host}#key`}, 'package-basic', 'bob@example.org',
            'bob@example.org', 'ordered', 1, ${sentinelCase},
            ${ago(older.from)}, ${ago(older.from)}, ${ago(older.from)}, ${ago(older.settled)})`);
  await database.affected(sql`
    insert into integrations.case_directory (host, case_id, team_id, order_id)
    values (${host}, ${sentinelCase}, ${ids.team}, ${ids.older})`);
}
