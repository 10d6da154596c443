import { differences, KeptCopy, type Read, theLists } from '../support/kept-copy.js';
import { Caller, untilServed } from './caller.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';
import { Random } from './random.ts';

const forMs = Number(process.env['CHANGES_SECONDS'] ?? 120) * 1_000;
/** Transactions beside the service that commit this much later than they change something. */
const lateMs = 1_500;
/** An act that was done before its answer was lost, or an import that still runs on the replica that got it first. */
const isOfARepeat = /answered (409|429): .*(already_applied|too_many_imports)/;

/**
 * Two systems keep a copy by the changes feed while replicas and both systems are killed and started again, writers race, and
 * transactions commit late. In the end both copies are what the lists say.
 */
describe('copies kept by the changes feed', () => {
  const random = new Random(20_260_701);
  let harness: Harness;
  let team: HarnessTeam;
  let going = true;
  const failures: string[] = [];
  const made = { jobs: [] as string[], candidates: [] as string[], applications: [] as string[] };

  beforeAll(async () => {
    harness = await startHarness({ teams: 1 });
    team = await harness.team();
  }, patience);
  afterAll(() => harness?.close(), patience);

  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  async function steadily(everyMs: number, work: () => Promise<unknown>): Promise<void> {
    while (going) {
      await work().catch((error: Error) => isOfARepeat.test(error.message) || failures.push(error.message));
      await pause(everyMs);
    }
  }

  const reading =
    (caller: Caller): Read =>
    async <T>(path: string) => {
      const answer = await untilServed(() => caller.get<T>(path));
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer;
    };

  async function aColleague(level: string): Promise<Caller> {
    const user = { name: 'Grace', email: `grace-${level}@example.org`, access_level: level };
    const { id } = await team.admin.must<{ id: string }>('POST', '/users', user);
    return Caller.signIn(harness.front.url, id);
  }

  const post = async (path: string, body: unknown): Promise<string> =>
    (await team.admin.must<{ id: string }>('POST', path, body)).id;

  /** The acts of people and of other systems. One that is repeated after a kill may be done twice, or be refused: the lists say what is true. */
  const acts: (() => Promise<unknown>)[] = [
    async () => made.jobs.push(await post('/jobs', { name: 'A job', confidential: random.chance(0.3) })),
    async () => made.candidates.push(await post('/candidates', { first_name: 'Ada', last_name: 'Example' })),
    async () => {
      const [candidateId, jobId] = [
        await post('/candidates', { first_name: 'Ada', last_name: 'E' }),
        random.pick(made.jobs),
      ];
      made.applications.push(await post('/applications', { candidate_id: candidateId, job_id: jobId }));
      made.candidates.push(candidateId);
    },
    () => team.admin.must('PATCH', `/jobs/${random.pick(made.jobs)}`, { confidential: random.chance(0.5) }),
    () => team.admin.must('PATCH', `/jobs/${random.pick(made.jobs)}`, { name: `Job ${random.between(1, 99)}` }),
    () =>
      team.admin.must('PATCH', `/candidates/${random.pick(made.candidates)}`, {
        first_name: `A${random.between(1, 99)}`,
      }),
    () =>
      team.admin.must('PATCH', `/applications/${random.pick(made.applications)}`, {
        status: random.pick(['active', 'rejected']),
      }),
    async () => team.sendSurely(await team.applicant()),
    moveACase,
  ];

  async function moveACase(): Promise<void> {
    const cases = await harness.certn.control.cases({ account: team.account.id, limit: 20 });
    const { id, possible_actions: possible } = random.pick(cases);
    const next = ['open', 'start', 'submit', 'complete'].find((action) => possible.includes(action));
    if (next === undefined) return;
    // Another writer may have moved it meanwhile.
    await harness.certn.control.act(id, next).catch((error: Error) => {
      if (!error.message.includes(' answered 409')) throw error;
    });
  }

  /** Takes the right to a job away and gives it back. */
  const regrant = (person: Caller): Promise<unknown> => {
    const rights = random.chance(0.5) ? [{ user_id: person.id, permissions: ['view_results'] }] : [];
    return team.admin.must('PUT', `/jobs/${random.pick(made.jobs)}/permissions`, rights);
  };

  /** A transaction beside the service, as of another release: it commits or rolls back long after its change. */
  async function changeLate(): Promise<void> {
    const client = await harness.database.connect();
    try {
      await client.query('begin');
      await client.query('update hiring.candidate set last_name = $2 where id = $1', [
        random.pick(made.candidates),
        `Late ${random.between(1, 99)}`,
      ]);
      await pause(random.between(0, lateMs));
      await client.query(random.chance(0.8) ? 'commit' : 'rollback');
    } finally {
      client.release();
    }
  }

  async function killOne(): Promise<void> {
    const replica = random.pick(harness.replicas);
    await replica.kill();
    await pause(random.between(0, 300));
    await replica.start();
    await harness.inService(replica);
  }

  /** Follows the feed, stores copy and cursor together after each page, and loses all that is not stored when it is killed. */
  function follower(caller: Caller): {
    copy: () => KeptCopy;
    kills: () => number;
    run: () => Promise<void>;
    begin: () => Promise<void>;
  } {
    let copy = new KeptCopy(reading(caller));
    let stored = { cursor: '', things: '[]' };
    let kills = 0;
    const store = (): void => void (stored = { cursor: copy.cursor, things: JSON.stringify([...copy.things]) });
    return {
      copy: () => copy,
      kills: () => kills,
      begin: async () => {
        await copy.begin();
        store();
      },
      run: async () => {
        await copy.follow(random.between(1, 40), random.between(1, 6));
        if (!random.chance(0.25)) return store();
        kills += 1;
        copy = new KeptCopy(reading(caller));
        copy.cursor = stored.cursor;
        for (const [key, data] of JSON.parse(stored.things) as [string, Record<string, unknown>][])
          copy.things.set(key, data);
      },
    };
  }

  it(
    'hold what the lists hold, after two minutes of killed and restarted writers and readers',
    async () => {
      for (let nth = 0; nth < 3; nth += 1) for (const act of acts.slice(0, 3)) await act();
      await team.invited();
      const person = await aColleague('standard');
      const callers = [team.admin, person];
      const followers = callers.map(follower);
      for (const one of followers) await one.begin();
      const working = [
        ...Array.from({ length: 4 }, () => steadily(20, () => random.pick(acts)())),
        ...Array.from({ length: 2 }, () => steadily(50, changeLate)),
        steadily(400, () => regrant(person)),
        ...followers.map((one) => steadily(30, one.run)),
        steadily(1_500, killOne),
      ];
      await pause(forMs);
      going = false;
      await Promise.all(working);
      expect(failures).toEqual([]);
      const kills = harness.replicas.reduce((sum, replica) => sum + replica.kills, 0);
      harness.record.note('kept copies', { kills, readers: followers.map((one) => one.kills()) });
      expect(kills).toBeGreaterThan(forMs / 20_000);
      for (const [nth, caller] of callers.entries()) {
        const own = followers[nth]?.copy();
        if (!own) throw new Error('Each caller has a follower.');
        await harness.until(
          `the copy of caller ${nth} is what the lists say`,
          async () => {
            await own.follow();
            return differences(own.things, await theLists(reading(caller)));
          },
          (found) => found.length === 0,
          20_000,
        );
        expect(own.things.size).toBeGreaterThan(20);
      }
    },
    patience + forMs,
  );
});
