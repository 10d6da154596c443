import { Fingerprints } from '#kernel/ports';
import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { environmentOfOwner } from '../../../../../../test/support/environment.js';
import { PlainFingerprints } from '../../../../../../test/support/plain-fingerprints.js';
import { createTestDatabase, type TestDatabase } from '../../../../../../test/support/test-database.js';
import { Connection } from '../../../connections/domain/connection.js';
import type { VendorCase } from '../../../gateway/domain/vendor-terms.js';
import { PostgresCaseLinks } from '../../../orders/adapters/postgres/postgres-case-links.js';
import { PostgresErasedCases } from '../../../orders/adapters/postgres/postgres-erased-cases.js';
import { PostgresCaseWatch } from './postgres-case-watch.js';
import { PostgresVendorCases } from './postgres-vendor-cases.js';

const visibilityLagSeconds = 900;
const minutes = (n: number): Date => new Date(Date.now() - n * 60_000);
const secret = { sealed: '', last4: '', savedAt: '', savedBy: '' };
const aConnection = (): Connection =>
  new Connection(
    randomUUID(),
    randomUUID(),
    'certn',
    'ca',
    'production',
    secret,
    secret,
    'https://h#k',
    minutes(0),
    minutes(0),
  );

const aSnapshot = (more: Partial<VendorCase> = {}): VendorCase => ({
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

describe('comparing a list with the stored cases', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let watch: PostgresCaseWatch;
  let cases: PostgresVendorCases;
  let links: PostgresCaseLinks;
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
        PostgresCaseLinks,
        PostgresErasedCases,
        { provide: Fingerprints, useClass: PlainFingerprints },
      ],
    }).compile();
    await module.init();
    [watch, cases, links, db] = [
      module.get(PostgresCaseWatch),
      module.get(PostgresVendorCases),
      module.get(PostgresCaseLinks),
      module.get(Database),
    ];
  });
  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  /** A stored case that was read with this result so many minutes ago. */
  async function known(snapshot: VendorCase, minutesAgo: number, whose = connection): Promise<string> {
    const order = { teamId: whose.teamId, id: randomUUID(), connectionId: whose.id };
    await links.link(order, whose.host, snapshot);
    const at = minutes(minutesAgo);
    await db.affected(sql`
      update integrations.vendor_case set read_at = ${at}, confirmed_at = ${at} where order_id = ${order.id}`);
    return order.id;
  }
  const says = async (listed: VendorCase, readAt = minutes(0)) =>
    (await watch.compare(connection, [listed], readAt, visibilityLagSeconds)).map(({ verdict }) => verdict);
  const now = (orderId: string, whose = connection) => cases.find(whose.teamId, orderId);

  it('confirms what is stored', async () => {
    const snapshot = aSnapshot();
    const orderId = await known(snapshot, 60);
    const readAt = minutes(1);
    expect(await says(snapshot, readAt)).toEqual(['same']);
    expect(await now(orderId)).toMatchObject({ confirmedAt: readAt, state: 'invited', revision: 1 });
  });

  it('stores what differs when the stored snapshot is older than any list', async () => {
    const snapshot = aSnapshot();
    const orderId = await known(snapshot, 16);
    expect(await says({ ...snapshot, ...opened })).toEqual(['believed']);
    expect(await now(orderId)).toMatchObject({ state: 'opened', vendorStatus: 'APPLICANT_OPENED', revision: 2 });
  });

  it('does not move a status back for a stale list: it is a hint, and nothing is stored', async () => {
    const snapshot = aSnapshot(opened);
    const orderId = await known(snapshot, 14);
    const before = await now(orderId);
    expect(await says({ ...snapshot, state: 'invited', vendorStatus: 'APPLICANT_INVITED' })).toEqual(['hint']);
    expect(await now(orderId)).toEqual(before);
  });

  it('ignores a list that was read before the stored snapshot, however late it arrives', async () => {
    const snapshot = aSnapshot(opened);
    const orderId = await known(snapshot, 20);
    const before = await now(orderId);
    await watch.compare(connection, [{ ...snapshot, ...complete, ...clear }], minutes(40), visibilityLagSeconds);
    expect(await now(orderId)).toEqual(before);
  });

  it('does not reopen an ended case because of a list', async () => {
    const snapshot = aSnapshot({ ...complete, ...clear });
    const orderId = await known(snapshot, 6000);
    expect(await says({ ...snapshot, state: 'in_dispute', vendorStatus: 'IN_DISPUTE' })).toEqual(['hint']);
    expect(await now(orderId)).toMatchObject({ state: 'complete', result: 'clear', revision: 1 });
  });

  it('reads a complete case whose score the list omits, and keeps a known score', async () => {
    const open = aSnapshot();
    await known(open, 60);
    expect(await says({ ...open, ...complete })).toEqual(['hint']);
    const ended = aSnapshot({ ...complete, ...clear });
    const orderId = await known(ended, 60);
    expect(await says({ ...ended, result: null, vendorScore: null })).toEqual(['same']);
    expect(await now(orderId)).toMatchObject({ result: 'clear' });
  });

  it("ignores another team's case and an unknown case", async () => {
    const other = aConnection();
    const theirs = aSnapshot();
    const orderId = await known(theirs, 60, other);
    expect(await says({ ...theirs, ...opened })).toEqual([]);
    expect(await says(aSnapshot())).toEqual([]);
    expect(await now(orderId, other)).toMatchObject({ state: 'invited' });
  });

  it('tells announced changes from unannounced ones', async () => {
    const [unannouncedCase, announcedCase] = [aSnapshot(), aSnapshot()];
    await known(unannouncedCase, 60);
    const orderId = await known(announcedCase, 60);
    await db.affected(sql`
      insert into integrations.inbound_event (team_id, id, connection_id, order_id, case_id, event_type, announced_at)
      values (${connection.teamId}, ${randomUUID()}, ${connection.id}, ${orderId}, ${announcedCase.id}, 'X', now())`);
    const listed = [unannouncedCase, announcedCase].map((snapshot) => ({ ...snapshot, ...opened }));
    const verdicts = await watch.compare(connection, listed, minutes(0), visibilityLagSeconds);
    expect(verdicts.filter(({ unannounced }) => !unannounced).map((verdict) => verdict.orderId)).toEqual([orderId]);
    expect(verdicts).toHaveLength(2);
  });

  it('pages through open cases in the order of their times, each once', async () => {
    const whose = aConnection();
    const orders = [];
    for (let n = 0; n < 7; n += 1) orders.push(await known(aSnapshot({ createdAt: minutes(100 - n) }), 0, whose));
    await known(aSnapshot({ ...complete, ...clear, createdAt: minutes(50) }), 0, whose);
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
