import { Fingerprints } from '#kernel/ports';
import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { environmentOfOwner } from '../../../../../test/support/environment.js';
import { PlainFingerprints } from '../../../../../test/support/plain-fingerprints.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { Connection } from '../../domain/connection.js';
import type { VendorCase } from '../../domain/screening-provider.js';
import { ErasedCases } from './erased-cases.js';
import { PostgresCaseWatch } from './postgres-case-watch.js';
import { PostgresVendorCases } from './postgres-vendor-cases.js';

const visibilityLagSeconds = 900;
const minutes = (n: number): Date => new Date(Date.now() - n * 60_000);
const secret = { sealed: '', last4: '', savedAt: '', savedBy: '' };
const aConnection = (): Connection =>
  new Connection(randomUUID(), randomUUID(), 'ca', 'production', secret, secret, 'https://h#k', minutes(0), minutes(0));

const aReading = (more: Partial<VendorCase> = {}): VendorCase => ({
  id: randomUUID(),
  shortId: null,
  state: 'invited',
  result: null,
  vendorStatus: 'APPLICANT_INVITED',
  vendorScore: null,
  email: null,
  packageId: null,
  createdAt: null,
  ...more,
});
const opened = { state: 'opened', vendorStatus: 'APPLICANT_OPENED' } as const;
const complete = { state: 'complete', vendorStatus: 'COMPLETE' } as const;
const clear = { result: 'clear', vendorScore: 'CLEAR' } as const;

describe('what a list says of our cases', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let watch: PostgresCaseWatch;
  let cases: PostgresVendorCases;
  let db: Database;
  const connection = aConnection();

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url));
    module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
      providers: [
        PostgresCaseWatch,
        PostgresVendorCases,
        ErasedCases,
        { provide: Fingerprints, useClass: PlainFingerprints },
      ],
    }).compile();
    await module.init();
    [watch, cases, db] = [module.get(PostgresCaseWatch), module.get(PostgresVendorCases), module.get(Database)];
  });
  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  /** A case of ours that was read by itself, with that result, so many minutes ago. */
  async function known(reading: VendorCase, minutesAgo: number, whose = connection): Promise<string> {
    const order = { teamId: whose.teamId, id: randomUUID(), connectionId: whose.id };
    await cases.link(order, whose.host, reading);
    const at = minutes(minutesAgo);
    await db.affected(sql`
      update integrations.vendor_case set read_at = ${at}, confirmed_at = ${at} where order_id = ${order.id}`);
    return order.id;
  }
  const says = async (listed: VendorCase, readAt = minutes(0)) =>
    (await watch.compare(connection, [listed], readAt, visibilityLagSeconds)).map(({ verdict }) => verdict);
  const now = (orderId: string, whose = connection) => cases.find(whose.teamId, orderId);

  it('what we have is confirmed', async () => {
    const reading = aReading();
    const orderId = await known(reading, 60);
    const readAt = minutes(1);
    expect(await says(reading, readAt)).toEqual(['same']);
    expect(await now(orderId)).toMatchObject({ confirmedAt: readAt, state: 'invited', revision: 1 });
  });

  it('what differs is believed when our own reading is older than any list', async () => {
    const reading = aReading();
    const orderId = await known(reading, 16);
    expect(await says({ ...reading, ...opened })).toEqual(['believed']);
    expect(await now(orderId)).toMatchObject({ state: 'opened', vendorStatus: 'APPLICANT_OPENED', revision: 2 });
  });

  it('a stale list does not move a status back: it is a hint, and nothing is stored', async () => {
    const reading = aReading(opened);
    const orderId = await known(reading, 14);
    const before = await now(orderId);
    expect(await says({ ...reading, state: 'invited', vendorStatus: 'APPLICANT_INVITED' })).toEqual(['hint']);
    expect(await now(orderId)).toEqual(before);
  });

  it('a list that was read before our own reading counts for nothing, however late it arrives', async () => {
    const reading = aReading(opened);
    const orderId = await known(reading, 20);
    const before = await now(orderId);
    await watch.compare(connection, [{ ...reading, ...complete, ...clear }], minutes(40), visibilityLagSeconds);
    expect(await now(orderId)).toEqual(before);
  });

  it('a case that ended is not brought back to life by a list', async () => {
    const reading = aReading({ ...complete, ...clear });
    const orderId = await known(reading, 6000);
    expect(await says({ ...reading, state: 'in_dispute', vendorStatus: 'IN_DISPUTE' })).toEqual(['hint']);
    expect(await now(orderId)).toMatchObject({ state: 'complete', result: 'clear', revision: 1 });
  });

  it('a complete case whose score the list keeps to itself is read, and a known score is kept', async () => {
    const open = aReading();
    await known(open, 60);
    expect(await says({ ...open, ...complete })).toEqual(['hint']);
    const ended = aReading({ ...complete, ...clear });
    const orderId = await known(ended, 60);
    expect(await says({ ...ended, result: null, vendorScore: null })).toEqual(['same']);
    expect(await now(orderId)).toMatchObject({ result: 'clear' });
  });

  it("another team's case and a case of nobody count for nothing", async () => {
    const other = aConnection();
    const theirs = aReading();
    const orderId = await known(theirs, 60, other);
    expect(await says({ ...theirs, ...opened })).toEqual([]);
    expect(await says(aReading())).toEqual([]);
    expect(await now(orderId, other)).toMatchObject({ state: 'invited' });
  });

  it('a change that an event announced is not taken for unannounced', async () => {
    const [quiet, loud] = [aReading(), aReading()];
    await known(quiet, 60);
    const orderId = await known(loud, 60);
    await db.affected(sql`
      insert into integrations.delivery (team_id, id, connection_id, order_id, case_id, event_type, announced_at)
      values (${connection.teamId}, ${randomUUID()}, ${connection.id}, ${orderId}, ${loud.id}, 'X', now())`);
    const listed = [quiet, loud].map((reading) => ({ ...reading, ...opened }));
    const verdicts = await watch.compare(connection, listed, minutes(0), visibilityLagSeconds);
    expect(verdicts.filter(({ unannounced }) => !unannounced).map((verdict) => verdict.orderId)).toEqual([orderId]);
    expect(verdicts).toHaveLength(2);
  });

  it('open cases come in the order of their times, a page at a time, each once', async () => {
    const whose = aConnection();
    const orders = [];
    for (let n = 0; n < 7; n += 1) orders.push(await known(aReading({ createdAt: minutes(100 - n) }), 0, whose));
    await known(aReading({ ...complete, ...clear, createdAt: minutes(50) }), 0, whose);
    const seen: string[] = [];
    let chunk = await watch.openAfter(whose, null, 3);
    while (chunk.length > 0) {
      seen.push(...chunk.map(({ orderId }) => orderId));
      const last = chunk.at(-1);
      if (!last) break;
      chunk = await watch.openAfter(whose, { orderedAt: last.orderedAt.toISOString(), orderId: last.orderId }, 3);
    }
    expect(seen).toEqual(orders);
  });
});
