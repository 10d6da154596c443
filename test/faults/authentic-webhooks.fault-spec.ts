import { randomUUID } from 'node:crypto';
import { type Answered, postSignedWebhook, postWebhook } from './webhook-requests.ts';
import { requestHead, sendRaw } from './raw-requests.ts';
import { sign, webhookOf } from './signed-webhooks.ts';
import { checkInvariants } from './invariants.ts';
import { median, report } from './measures.ts';
import { type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

interface Stored {
  event_id: string | null;
  event_type: string;
}

let harness: Harness;
let team: HarnessTeam;
let other: HarnessTeam;
let check: { id: string; caseId: string };

beforeAll(async () => {
  harness = await startHarness();
  team = await harness.team();
  other = await harness.team();
  check = await team.invited();
}, 120_000);
// Once after all tests: the evidence only grows.
afterAll(async () => void (await checkInvariants(harness)), 60_000);
afterAll(() => harness?.close());

/** The URL of the next replica: requests alternate between the two. */
let turn = 0;
const nextUrl = (): string => harness.replicas[(turn += 1) % harness.replicas.length]?.url ?? '';

const secret = (): string => team.account.webhook_secret;
const deliver = (body: string | Buffer, signature: string): Promise<Answered> =>
  postWebhook(nextUrl(), body, { 'x-signature': signature });
const good = (body: string): Promise<Answered> => postSignedWebhook(team, body, { to: nextUrl() });

const storedAs = (eventId: string): Promise<Stored[]> =>
  harness.rows<Stored>('select event_id, event_type from integrations.inbound_event where event_id = $1', [eventId]);
const storedInAll = async (): Promise<number> =>
  (await harness.rows<{ n: number }>('select count(*)::int as n from integrations.inbound_event'))[0]?.n ?? -1;
const rejectedOf = async (whose: HarnessTeam): Promise<number> => {
  const { health } = await whose.admin.must<{ health: { rejected_signatures_24h: number } }>(
    'GET',
    '/integrations/certn',
  );
  return health.rejected_signatures_24h;
};
const historyOf = (checkId: string): Promise<unknown[]> =>
  team.admin.must<unknown[]>('GET', `/background_checks/${checkId}/history`);
const readsOf = async (caseId: string): Promise<number> => {
  const requests = await harness.certn.control.requests({ account: team.account.id });
  return requests.filter(({ method, path }) => method === 'GET' && path.includes(caseId)).length;
};

describe('a webhook event that Certn signed', () => {
  it.each<[string, (id: string, caseId: string) => string]>([
    [
      'spaces, tabs and line breaks',
      (id, c) => `\t{ "id" :\n "${id}",  "object_id":"${c}" ,"object_type" : "CASE"\r\n}`,
    ],
    ['escapes in names and values', (id, c) => `{"\\u0069d":"${escaped(id)}","object\\u005fid":"${escaped(c)}"}`],
    ['keys in another order', (id, c) => `{"object_type":"CASE","object_id":"${c}","event_type":"X","id":"${id}"}`],
    ['a trailing line break', (id, c) => `{"id":"${id}","object_id":"${c}"}\n\n`],
    ['a byte order mark at the start', (id, c) => `\uFEFF{"id":"${id}","object_id":"${c}"}`],
    ['letters of many scripts', (id, c) => `{"id":"${id}","object_id":"${c}","note":"Zoë Åström 王 🙂"}`],
    ['a repeated key, of which the last counts', (id, c) => `{"id":"${id}","object_id":"no-case","object_id":"${c}"}`],
    ['numbers that change when serialized again', (id, c) => `{"id":"${id}","object_id":"${c}","n":1.0e2,"m":-0}`],
  ])('is verified over its exact bytes: %s [A1]', async (_what, written) => {
    const id = randomUUID();
    const body = written(id, check.caseId);
    expect(await good(body)).toMatchObject({ status: 200, text: '' });
    expect(await storedAs(id)).toHaveLength(1);
    // The same event, serialized differently, has another signature.
    expect((await deliver(JSON.stringify({ id, object_id: check.caseId }), sign(body, secret()))).status).toBe(401);
  });

  it('is refused when any byte is altered, and only the rejection is counted [A2]', async () => {
    const attacked = await harness.team();
    const { caseId } = await attacked.invited();
    const body = Buffer.from(webhookOf(caseId));
    const signature = sign(body, attacked.account.webhook_secret);
    const before = await storedInAll();
    let refused = 0;
    for (let at = 0; at < body.length; at += 1) {
      const altered = Buffer.from(body);
      altered[at] = (altered[at] ?? 0) ^ 1;
      // A body that no longer names the case belongs to no team: there is no secret to check it against.
      const expected = namesCase(altered, caseId) ? 401 : 200;
      if (expected === 401) refused += 1;
      expect([at, (await deliver(altered, signature)).status]).toEqual([at, expected]);
    }
    expect(refused).toBeGreaterThan(60);
    expect(await storedInAll()).toBe(before);
    await harness.until(
      'the rejections are counted',
      () => rejectedOf(attacked),
      (n) => n === refused,
    );
  });

  it('is refused when it is signed with another team’s secret [A7]', async () => {
    const [before, counted] = [await storedInAll(), await rejectedOf(other)];
    const history = await historyOf(check.id);
    for (let i = 0; i < 10; i += 1) {
      const body = webhookOf(check.caseId);
      expect((await deliver(body, sign(body, other.account.webhook_secret))).status).toBe(401);
    }
    expect(await storedInAll()).toBe(before);
    expect(await historyOf(check.id)).toEqual(history);
    expect(await rejectedOf(other)).toBe(counted);
  });

  it('keeps its first body when another body arrives with the same event id [A10]', async () => {
    const id = randomUUID();
    expect((await good(webhookOf(check.caseId, { id, event_type: 'CASE_STATUS_CHANGED' }))).status).toBe(200);
    expect((await good(webhookOf(check.caseId, { id, event_type: 'CASE_SCORE_CHANGED' }))).status).toBe(200);
    expect(await storedAs(id)).toEqual([{ event_id: id, event_type: 'CASE_STATUS_CHANGED' }]);
    const counted = await harness.rows(
      'select 1 from integrations.inbound_event where event_id = $1 and conflicts = 1',
      [id],
    );
    expect(counted).toHaveLength(1);
    expect(harness.replicas.flatMap((replica) => replica.lines()).filter((line) => line.includes(id))).toHaveLength(1);
  });

  it('has no effect when it is replayed much later [A9]', async () => {
    const { id: checkId, caseId } = await team.invited();
    const captured = webhookOf(caseId);
    expect((await good(captured)).status).toBe(200);
    await harness.certn.control.act(caseId, 'open');
    await team.reaches(checkId, 'opened');
    const [history, reads, stored] = [await historyOf(checkId), await readsOf(caseId), await storedInAll()];
    for (const age of ['1 hour', '30 days']) {
      await harness.rows(
        `update integrations.inbound_event set received_at = now() - $2::interval where case_id = $1`,
        [caseId, age],
      );
      for (let i = 0; i < 5; i += 1) expect((await good(captured)).status).toBe(200);
    }
    expect(await storedInAll()).toBe(stored);
    expect(await historyOf(checkId)).toEqual(history);
    expect((await readsOf(caseId)) - reads).toBeLessThanOrEqual(2);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an unknown event type', { event_type: 'CASE_TELEPORTED' }],
    ['an event type that is not a word', { event_type: 'DROP TABLE; --' }],
    ['an event type that is not a string', { event_type: { a: 1 } }],
    ['an unknown object type', { object_type: 'SPACESHIP' }],
    ['an object type that is not a string', { object_type: ['CASE'] }],
    ['an unknown status', { case_status: 'SOMEWHERE_ELSE' }],
  ])('with %s is accepted and changes nothing [A17]', async (_what, more) => {
    const history = await historyOf(check.id);
    const aboutOther = 'object_type' in more;
    expect(
      await postSignedWebhook(team, webhookOf(check.caseId, more), { to: nextUrl(), owed: !aboutOther }),
    ).toMatchObject({
      status: 200,
      text: '',
    });
    await harness.until(
      'every inbound event of the case is processed',
      () =>
        harness.rows('select 1 from integrations.inbound_event where case_id = $1 and outcome is null', [check.caseId]),
      (open) => open.length === 0,
    );
    expect(await historyOf(check.id)).toEqual(history);
  });

  it('about a case in an unknown status keeps our status, shows Certn’s status, and is logged [A17]', async () => {
    const odd = await team.invited();
    await harness.certn.control.act(odd.caseId, 'set', { status: 'APPLICANT_LEVITATING' });
    const seen = await harness.until(
      'Certn’s status is shown',
      () => team.check(odd.id),
      ({ vendor }) => vendor.status === 'APPLICANT_LEVITATING',
    );
    expect(seen).toMatchObject({ status: 'invited', result: null });
    await harness.certn.control.act(odd.caseId, 'set', { status: 'COMPLETE', score: 'SPARKLING' });
    expect(await team.reaches(odd.id, 'complete')).toMatchObject({ result: 'review', vendor: { score: 'SPARKLING' } });
    const logLines = harness.replicas.flatMap((replica) => replica.lines()).join('\n');
    expect(logLines).toContain('a case has a status that we do not know');
    expect(logLines).toContain('a case has a score that we do not know');
  });
});

describe('the signature', () => {
  it('is answered 401 when it is missing, repeated, malformed or too long, and nothing is logged [A5]', async () => {
    const body = webhookOf(check.caseId);
    const right = sign(body, secret());
    const lines: [string, string[]][] = [
      ['missing', []],
      ['empty', ['X-Signature:']],
      ['blank', ['X-Signature:   \t ']],
      ['repeated', [`X-Signature: ${right}`, `X-Signature: ${right}`]],
      ['two in one', [`X-Signature: ${right},${right}`]],
      ['not hex', [`X-Signature: ${'z'.repeat(64)}`]],
      ['of odd length', [`X-Signature: ${right.slice(1)}`]],
      ['too long', [`X-Signature: ${right}0`]],
      ['endless', [`X-Signature: ${'a'.repeat(10_000)}`]],
      ['with digits of another script', [`X-Signature: ${right.replace(/\d/g, '\uFF11')}`]],
      ['with bytes that are not text', [`X-Signature: ${right.slice(0, 60)}\xff\xfe\x80\x81`]],
      ['with another prefix', [`X-Signature: sha1=${right}`]],
      ['with its prefix twice', [`X-Signature: sha256=sha256=${right}`]],
      ['in base64 of half of it', [`X-Signature: ${Buffer.from(right.slice(0, 32), 'hex').toString('base64')}`]],
      ['under another name', [`X-Signatures: ${right}`]],
    ];
    const [before, warnings] = [await storedInAll(), logged()];
    for (const [what, headers] of lines) {
      const sent = [
        ...headers,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        'Connection: close',
      ];
      const answer = await sendRaw(
        nextUrl(),
        Buffer.from(requestHead(sent) + body, what.includes('script') ? 'utf8' : 'latin1'),
      );
      expect([what, answer.status, answer.closed]).toEqual([what, 401, true]);
    }
    expect(await storedInAll()).toBe(before);
    expect(logged()).toBe(warnings);
  });

  it('is refused as fast as a health check is answered [A5]', async () => {
    const [refusals, answers]: number[][] = [[], []];
    for (let i = 0; i < 150; i += 1) {
      refusals?.push((await postWebhook(nextUrl(), webhookOf(check.caseId), { 'x-signature': 'a'.repeat(10_000) })).ms);
      answers?.push(await msOf(() => fetch(new URL('/health/live', nextUrl())).then((answer) => answer.text())));
    }
    const [refused, healthy] = [median(refusals ?? []), median(answers ?? [])];
    report('A5, median ms', { refusal: refused, health: healthy });
    expect(refused).toBeLessThan(Math.max(5, 2 * healthy));
  });

  it('is accepted with either secret during a rotation, and only with the new one afterwards, on both replicas [A6]', async () => {
    const rotating = await harness.team();
    const { caseId } = await rotating.invited();
    const [old, fresh] = [rotating.account.webhook_secret, `rotated-${randomUUID()}`];
    const statusAt = async (to: string, key: string): Promise<number> =>
      (await postSignedWebhook(rotating, webhookOf(caseId), { to, secret: key })).status;
    const everywhere = (key: string): Promise<number[]> =>
      Promise.all(harness.replicas.map(({ url }) => statusAt(url, key)));
    expect(await everywhere(fresh)).toEqual([401, 401]);
    await rotating.admin.must('PUT', '/integrations/certn', { webhook_secret_key: fresh });
    const both = (status: number) => (seen: number[]) => seen.every((one) => one === status);
    await harness.until('the new secret works on every replica', () => everywhere(fresh), both(200), 3_000);
    expect(await everywhere(old)).toEqual([200, 200]);
    // The overlap of one day is over.
    const over = `update integrations.connection set previous_accepted_until = now() - interval '1 second' where team_id = $1`;
    await harness.rows(over, [rotating.teamId]);
    await harness.until('the old secret no longer works', () => everywhere(old), both(401), 3_000);
    expect(await everywhere(fresh)).toEqual([200, 200]);
    await harness.certn.control.patchAccount(rotating.account.id, { webhook_secret: fresh });
  });
});

const escaped = (text: string): string =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

function namesCase(body: Buffer, caseId: string): boolean {
  try {
    const { object_id, object_type } = JSON.parse(body.toString()) as { object_id?: unknown; object_type?: unknown };
    return object_id === caseId && (object_type === 'CASE' || object_type === undefined);
  } catch {
    return false;
  }
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Number of log lines at level warn or above, on both replicas. */
const logged = (): number =>
  harness.replicas.flatMap((replica) => replica.lines()).filter((line) => /"level":[456]0/.test(line)).length;
