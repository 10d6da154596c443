import type { Socket } from 'node:net';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.js';
import { memoryOf } from '../faults/measures.js';
import { eventually } from '../support/eventually.js';
import { aTeam, Person } from '../support/people.js';
import { type LineAnswer, SentLines, unreadImport } from '../support/sent-lines.js';
import { Service } from '../support/service.js';
import { aJob, aStage } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const mebibyte = 1024 * 1024;
const ndjson = { 'content-type': 'application/x-ndjson' };

let database: TestDatabase;
let service: Service;
/** On the same database, with short timeouts. */
let shortTimeouts: Service;
const sockets: Socket[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  service = await Service.start(database.url, await freePort());
  const env = { IMPORT_IDLE_SECONDS: '1', IMPORT_SECONDS: '3' };
  shortTimeouts = await Service.start(database.url, await freePort(), env);
}, 60_000);
afterAll(async () => {
  sockets.forEach((socket) => socket.destroy());
  await Promise.all([service?.stop('SIGKILL'), shortTimeouts?.stop('SIGKILL')]);
  await database?.drop();
});

const at = (one: Service) => ({ url: one.url, databaseUrl: database.url, close: async () => undefined });
const anAdmin = async (one = service): Promise<Person> => (await aTeam(at(one))).admin;
const elsewhere = ({ id, token }: Person): Person => new Person(shortTimeouts.url, id, token);
let quiet: Person;
beforeAll(async () => void (quiet = await anAdmin()));

/** The number of imports that run for the person's team. */
async function placesOf({ id }: Person): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from interview_planning.import_place p
       join access.user_account u on u.team_id = p.team_id and u.id = $1`,
      [id],
    );
    return rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}

const linesOf = (text: string): LineAnswer[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LineAnswer);
const lastLine = (answers: LineAnswer[]): string => answers.at(-1)?.errors?.json['line']?.[0] ?? '';
const unknownCandidate = { type: 'application', external_id: 'a', candidate: 'unknown', job: 'none' };

/** The longest wait of another user meanwhile, in milliseconds. */
async function longestWait(work: Promise<unknown>): Promise<number> {
  let [over, longest] = [false, 0];
  void work.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    const begun = performance.now();
    expect((await quiet.get('/me')).status).toBe(200);
    longest = Math.max(longest, performance.now() - begun);
  }
  return longest;
}

describe('An import does not delay other users', () => {
  it('with 8,000 stages in a line, which fails at once', async () => {
    const admin = await anAdmin();
    const stages = Array.from({ length: 8_000 }, (_, i) => ({ name: `Stage ${i}` }));
    const importing = admin.post<string>(
      '/imports',
      JSON.stringify({ type: 'job', external_id: 'j', name: 'Nurse', stages }),
      ndjson,
    );
    expect(await longestWait(importing)).toBeLessThan(3_000);
    expect(linesOf((await importing).body)).toMatchObject([
      { status: 'failed', errors: { json: { stages: ['must be at most 100 stages'] } } },
    ]);
  });

  it('with 50 MiB of blank lines, which stop at the line limit', async () => {
    const admin = await anAdmin();
    const importing = admin.post<string>('/imports', '\n'.repeat(50 * mebibyte), ndjson);
    expect(await longestWait(importing)).toBeLessThan(3_000);
    expect(lastLine(linesOf((await importing).body))).toBe('is beyond 250000 lines: it and what follows was not read');
  });

  it('with hostile JSON lines: deep, wide, or with a million keys', async () => {
    const admin = await anAdmin();
    const wide = JSON.stringify({
      type: 'candidate',
      external_id: 'c',
      ...Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`f${i}`, 1])),
    });
    const deep = `{"type":"candidate","external_id":"c","first_name":${'['.repeat(400_000)}${']'.repeat(400_000)}}`;
    const importing = admin.post<string>('/imports', `${wide}\n${deep}\n${JSON.stringify(unknownCandidate)}`, ndjson);
    expect(await longestWait(importing)).toBeLessThan(3_000);
    const { body } = await importing;
    expect(linesOf(body).map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
    expect(body.length).toBeLessThan(20_000);
  });
});

describe('Parallel imports', () => {
  it('free the slot of one whose client hangs up at once', async () => {
    const admin = await anAdmin();
    const running = [SentLines.begin(admin), SentLines.begin(admin)];
    for (const one of running) await one.send(unknownCandidate);
    await eventually(
      'both run',
      async () => running.map(({ answers }) => answers.length),
      ([a, b]) => a === 1 && b === 1,
    );
    for (const one of running) expect(await one.hangUp()).toBe('broken');
    await eventually(
      'both places are free',
      () => Promise.all([0, 1].map(() => admin.post('/imports', '\n', ndjson))),
      (answers) => answers.every(({ status }) => status === 200),
      5_000,
    );
  });

  it('are limited to two for a team across all replicas; the third is 429 until one has ended', async () => {
    const admin = await anAdmin();
    const running = [SentLines.begin(admin), SentLines.begin(admin)];
    for (const one of running) await one.send(unknownCandidate);
    await eventually(
      'both run',
      async () => running.map(({ answers }) => answers.length),
      ([a, b]) => a === 1 && b === 1,
    );
    for (const person of [admin, elsewhere(admin)]) {
      const third = await person.post<{ reason: string }>('/imports', JSON.stringify(unknownCandidate), ndjson);
      expect([third.status, third.body.reason, third.headers.get('retry-after')]).toEqual([
        429,
        'too_many_imports',
        '30',
      ]);
    }
    expect((await quiet.post('/imports', JSON.stringify(unknownCandidate), ndjson)).status).toBe(200);
    expect(await running[0]?.finish()).toBe('whole');
    await eventually(
      'a place is free',
      () => admin.post('/imports', JSON.stringify(unknownCandidate), ndjson),
      ({ status }) => status === 200,
    );
    await running[1]?.finish();
  });

  it('wait for clients that do not read, without using memory: twelve of 50 MiB', async () => {
    const pid = service.process.pid ?? 0;
    const admins = await Promise.all(Array.from({ length: 6 }, () => anAdmin()));
    const before = memoryOf(pid);
    const line = `${JSON.stringify({ type: 'offer', external_id: 'x'.repeat(60) })}\n`;
    for (const admin of [...admins, ...admins]) sockets.push(unreadImport(admin, line, 50 * mebibyte));
    let [highest, sent] = [0, -1];
    await eventually(
      'none of them is taken any further',
      async () => {
        highest = Math.max(highest, memoryOf(pid));
        const [now, then] = [
          sockets.reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0),
          sent,
        ];
        sent = now;
        return now === then && now > 0;
      },
      Boolean,
      20_000,
    );
    expect(highest - before).toBeLessThan(200);
    expect(sent).toBeLessThan(12 * 50 * mebibyte);
    expect((await quiet.get('/me')).status).toBe(200);
    sockets.splice(0).forEach((socket) => socket.destroy());
  }, 60_000);
});

describe('An import that stalls, or runs too long', () => {
  it('is ended with a line that says so when no data arrives', async () => {
    const one = SentLines.begin(await anAdmin(shortTimeouts));
    await one.send(unknownCandidate);
    expect(await one.ended).toBe('whole');
    expect(lastLine(one.answers)).toBe('was not read: nothing came for 1 s');
  });

  it('is ended with a line that says so when its time limit is over', async () => {
    const one = SentLines.begin(await anAdmin(shortTimeouts));
    const timer = setInterval(() => void one.send(unknownCandidate), 100);
    expect(await one.ended).toBe('whole');
    clearInterval(timer);
    expect(lastLine(one.answers)).toBe('was not read: the time that an import may take is over');
    expect(one.answers.length).toBeGreaterThan(5);
  });

  it('is aborted when its response is not read, and its slot is free again', async () => {
    const admin = await anAdmin(shortTimeouts);
    const line = `${JSON.stringify({ type: 'offer', external_id: 'x'.repeat(60) })}\n`;
    const unread = [0, 1].map(() => unreadImport(admin, line, 50 * mebibyte));
    sockets.push(...unread);
    // An import that probed this could take the slot of one of them.
    await eventually(
      'both places are taken',
      () => placesOf(admin),
      (taken) => taken === 2,
    );
    expect((await admin.post('/imports', '\n', ndjson)).status).toBe(429);
    await eventually(
      'they are free',
      () => admin.post('/imports', '\n', ndjson),
      ({ status }) => status === 200,
      40_000,
    );
  }, 60_000);
});

describe('An interview plan', () => {
  it('has at most 100 stages with 50 activities each, through any route', async () => {
    const admin = await anAdmin();
    const stages = Array.from({ length: 99 }, (_, i) => ({ name: `Stage ${i}` }));
    await admin.post('/imports', JSON.stringify({ type: 'job', external_id: 'j', name: 'Nurse', stages }), ndjson);
    const jobId = (await admin.get<{ id: string }[]>('/jobs')).body[0]?.id ?? '';
    const stageId = await aStage(admin, jobId, 'The hundredth');
    const refused = await admin.post<{ reason: string }>(`/jobs/${jobId}/stages`, { name: 'One more' });
    expect([refused.status, refused.body.reason]).toEqual([409, 'too_many_stages']);
    const more = { type: 'job', external_id: 'j', name: 'Nurse', stages: [{ name: 'One more' }] };
    const imported = await admin.post<string>('/imports', JSON.stringify(more), ndjson);
    expect(lastLine(linesOf(imported.body))).toMatch('at most 100 stages');
    const item = { type: 'interview', name: 'Talk' };
    for (let i = 0; i < 50; i += 1) expect((await admin.post(`/job_stages/${stageId}/items`, item)).status).toBe(201);
    const beyond = await admin.post<{ reason: string }>(`/job_stages/${stageId}/items`, item);
    expect([beyond.status, beyond.body.reason]).toEqual([409, 'too_many_items']);
    const other = await aJob(admin);
    await aStage(admin, other, 'Another plan has room');
  });
});
