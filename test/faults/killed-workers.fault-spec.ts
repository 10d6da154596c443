import { untilServed } from './caller.ts';
import type { Match } from './fault-proxy.ts';
import { answerToCommitOf, caseRead, commitOf, jobDone, orderRequest, statement } from './moments.ts';
import { checkInvariants } from './invariants.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

const resumedWithinMs = 30_000;

interface Row {
  name: string;
  at: 'certn' | 'database';
  moment: Match;
  /** What happens to the held bytes. */
  then: 'release' | 'discard';
  /** Order requests that reach Certn in total. */
  posts: number;
}

const claimed = /sending_since = now\(\)/;
const rows: Row[] = [
  {
    name: 'with the order claimed and committed, before it connects: proved absent, then sent once [C5]',
    at: 'database',
    moment: answerToCommitOf(claimed),
    then: 'discard',
    posts: 1,
  },
  {
    name: 'with the order on the wire, before its answer: found at Certn, not sent again [C6]',
    at: 'certn',
    moment: orderRequest,
    then: 'release',
    posts: 1,
  },
  {
    name: 'with the order written and lost on the way: proved absent, sent once more [C6]',
    at: 'certn',
    moment: orderRequest,
    then: 'discard',
    posts: 1,
  },
  {
    name: 'with the answer read, before it is stored: found at Certn, not sent again [C7]',
    at: 'database',
    moment: commitOf(/insert into integrations\.case_directory/i),
    then: 'discard',
    posts: 1,
  },
  {
    name: 'with the order stored, before its job is completed: the job runs again and sends nothing [C8]',
    at: 'database',
    moment: jobDone('integrations.order-due'),
    then: 'discard',
    posts: 1,
  },
  {
    name: 'with an event handler done, before its job is completed: it runs twice and has one effect [C9]',
    at: 'database',
    moment: jobDone('integrations.order-placed'),
    then: 'discard',
    posts: 1,
  },
];

let harness: Harness;
let team: HarnessTeam;

beforeAll(async () => {
  harness = await startHarness({ teams: 8 });
  team = await harness.team();
  await team.invited();
}, patience);
afterEach(() => harness?.calm(), patience);
afterAll(() => harness?.close(), patience);

/** SIGKILL at one moment of a job. The other replica takes over, and Certn's ledger has one line for each order. */
describe('a worker is killed', () => {
  it(
    'with the job taken, before it calls Certn: resumed elsewhere within 30 s [C3]',
    async () => {
      const { id, caseId } = await team.invited();
      const killed = harness.killAt(harness.holdAtCertn(caseRead(caseId)), 'discard');
      await harness.certn.control.act(caseId, 'open');
      await killed;
      await team.reaches(id, 'opened', resumedWithinMs);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'after Certn’s answer, before it is stored: Certn is called again, one effect [C4]',
    async () => {
      const { id, caseId } = await team.invited();
      const stored = commitOf(/(update|insert into) integrations\.vendor_case/i);
      const killed = harness.killAt(harness.holdAtDatabase(stored), 'discard');
      await harness.certn.control.act(caseId, 'open');
      await killed;
      await team.reaches(id, 'opened', resumedWithinMs);
      const { history } = await checkInvariants(harness);
      expect(history.filter(({ check_id, to }) => check_id === id && to === 'opened')).toHaveLength(1);
    },
    patience,
  );

  describe('in the middle of an order', () => {
    const ends: { name: string; resumedMs: number; posts: number }[] = [];

    /**
     * Kills one replica after the other and restarts each at once. An order is sent at most twice: a kill must not hit the second
     * sending of the previous order.
     */
    beforeAll(async () => {
      for (const row of rows) {
        const own = await harness.team();
        await own.invited();
        await harness.until('no job of the previous order is left', jobsOfOrders, (jobs) => jobs.length === 0);
        const held = row.at === 'certn' ? harness.holdAtCertn(row.moment) : harness.holdAtDatabase(row.moment);
        const killed = harness.killAt(held, row.then);
        const id = await own.sendSurely(await own.applicant());
        const dead = await killed;
        const resumed = timeUntilInvited(own, id);
        await dead.start();
        const resumedMs = await resumed;
        // Minus the request of the check that existed before.
        ends.push({ name: row.name, resumedMs, posts: (await own.orderPosts()).length - 1 });
      }
    }, patience);

    const jobsOfOrders = (): Promise<object[]> =>
      harness.rows(`select name from queue.job where state in ('created', 'retry', 'active')
        and (name like 'integrations.order-due%' or name like 'integrations.order-placed%')`);

    async function timeUntilInvited(own: HarnessTeam, id: string): Promise<number> {
      const begun = performance.now();
      await own.reaches(id, 'invited', 90_000).catch(() => undefined);
      return performance.now() - begun;
    }

    it.each(rows)(
      '$name',
      async ({ name, posts }) => {
        const end = ends.find((one) => one.name === name);
        harness.record.note('resumed', { ...end });
        expect(end?.posts).toBe(posts);
        expect(end?.resumedMs).toBeLessThan(resumedWithinMs);
        await checkInvariants(harness);
      },
      patience,
    );
  });

  it(
    'the ledger on disk has one line for each order [C5, C6, C7, C8, C9]',
    async () => {
      const { ledger, orders } = await checkInvariants(harness);
      expect(ledger).toHaveLength(orders.length);
    },
    patience,
  );

  it(
    'suspended from before the order is sent until long after its time limit: it sends nothing when it continues [C11]',
    async () => {
      const own = await harness.team();
      await own.invited();
      const held = harness.holdAtDatabase(answerToCommitOf(claimed));
      const id = await own.sendSurely(await own.applicant());
      const { replica, release } = await held;
      replica.signal('SIGSTOP');
      release();
      const other = harness.replicas.find((one) => one !== replica);
      const caller = own.admin.at(other?.url ?? '');
      const check = async (): Promise<{ status: string }> =>
        (await caller.get<{ status: string }>(`/background_checks/${id}`)).body;
      await harness.until('the other replica finds the order', check, ({ status }) => status === 'invited', 60_000);
      replica.signal('SIGCONT');
      await replica.ready();
      await checkInvariants(harness);
      expect(await own.orderPosts()).toHaveLength(2);
    },
    patience,
  );
});

/** SIGKILL while a webhook event is received. */
describe('a replica is killed while it receives a webhook event', () => {
  const stored = (event: string): Promise<object[]> =>
    harness.rows(`select 1 from integrations.inbound_event where event_id = $1`, [event]);
  /** Matches only this event: Certn sends others at the same time. */
  const storing = (event: string): RegExp => new RegExp(`insert into integrations\\.inbound_event[^]*${event}`, 'i');

  it(
    'verified and not stored: the connection breaks, nothing is stored, a redelivery is stored [C1]',
    async () => {
      const { caseId } = await team.invited();
      const eventId = crypto.randomUUID();
      const killed = harness.killAt(harness.holdAtDatabase(statement(storing(eventId))), 'discard');
      await expect(team.notify(caseId, { eventId })).rejects.toThrow();
      await killed;
      expect(await stored(eventId)).toHaveLength(0);
      expect((await team.notify(caseId, { eventId })).status).toBe(200);
      expect(await stored(eventId)).toHaveLength(1);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'stored and not answered: a redelivery is answered 200 and has no second effect [C2]',
    async () => {
      const { id, caseId } = await team.invited();
      const eventId = crypto.randomUUID();
      await harness.certn.control.patchAccount(team.account.id, { settings: { webhook_paused: true } });
      await harness.certn.control.act(caseId, 'open');
      const killed = harness.killAt(harness.holdAtDatabase(answerToCommitOf(storing(eventId))), 'discard');
      await expect(team.notify(caseId, { eventId })).rejects.toThrow();
      await killed;
      expect(await stored(eventId)).toHaveLength(1);
      expect((await team.notify(caseId, { eventId })).status).toBe(200);
      await team.reaches(id, 'opened');
      await harness.certn.control.patchAccount(team.account.id, { settings: { webhook_paused: false } });
      const { history } = await checkInvariants(harness);
      expect(history.filter(({ check_id, to }) => check_id === id && to === 'opened')).toHaveLength(1);
    },
    patience,
  );
});

/** SIGKILL while a request with an Idempotency-Key makes something. */
describe('a replica is killed while a request makes a candidate', () => {
  const named = (name: string): Promise<object[]> =>
    harness.rows('select 1 from hiring.candidate where last_name = $1', [name]);
  const remembering = /insert into platform\.request_key/i;

  it.each([
    ['and nothing is committed: the repeat makes it', commitOf(remembering), 0, null],
    ['and it is committed: the repeat gets it, and makes nothing', answerToCommitOf(remembering), 1, 'true'],
  ])(
    '%s',
    async (_, moment, madeBefore, replayed) => {
      const last_name = `Killed ${crypto.randomUUID()}`;
      const create = () =>
        team.admin.call('POST', '/candidates', { first_name: 'Ada', last_name }, { 'idempotency-key': last_name });
      const killed = harness.killAt(harness.holdAtDatabase(moment), 'discard');
      await expect(create()).rejects.toThrow();
      await killed;
      expect(await named(last_name)).toHaveLength(madeBefore);
      const again = await untilServed(create);
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, replayed]);
      expect(await named(last_name)).toHaveLength(1);
    },
    patience,
  );
});
