import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { postSignedWebhook, postWebhook } from './webhook-requests.ts';
import { type RawAnswer, requestHead, sendRaw } from './raw-requests.ts';
import { aChunk, flood, limit, manyKeys } from './hostile-bodies.ts';
import { checkInvariants } from './invariants.ts';
import { highest, median, memoryOf, quantile, report } from './measures.ts';
import { sign, webhookOf, webhookPath } from './signed-webhooks.ts';
import { type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

let harness: Harness;
let team: HarnessTeam;
let check: { id: string; caseId: string };

beforeAll(async () => {
  harness = await startHarness();
  team = await harness.team();
  check = await team.invited();
}, 120_000);
// Once after all tests: the evidence only grows.
afterAll(async () => void (await checkInvariants(harness)), 60_000);
afterAll(() => harness?.close());

let turn = 0;
const nextUrl = (): string => harness.replicas[(turn += 1) % harness.replicas.length]?.url ?? '';
const signed = (body: string | Buffer): string => sign(body, team.account.webhook_secret);
const good = (body: string, headers: Record<string, string> = {}) =>
  postSignedWebhook(team, body, { to: nextUrl(), headers });
const storedInAll = async (): Promise<number> =>
  (await harness.rows<{ n: number }>('select count(*)::int as n from integrations.inbound_event'))[0]?.n ?? -1;

describe('a handshake challenge [A11]', () => {
  const challenge = (query: string): Promise<RawAnswer> =>
    sendRaw(nextUrl(), requestHead(['Connection: close'], 'GET', `${webhookPath}${query}`));

  it('comes back unchanged as plain text, whatever the Host header [A11]', async () => {
    const longest = 'aZ09._~+/=-'.repeat(24).slice(0, 256);
    for (const text of ['a', 'A1b2-C3_d4.~', 'a%2Fb+c', longest]) {
      const { status, text: answer, ms } = await challenge(`?challenge=${text}`);
      expect(status).toBe(200);
      expect(answer).toMatch(/\r\ncontent-type: text\/plain/i);
      expect(answer).toMatch(/\r\nx-content-type-options: nosniff/i);
      expect(answer.split('\r\n\r\n')[1]).toBe(decodeURIComponent(text));
      expect(ms).toBeLessThan(1_000);
    }
  });

  it.each([
    ['missing', ''],
    ['empty', '?challenge='],
    ['repeated', '?challenge=a&challenge=a'],
    ['an array', '?challenge[]=a'],
    ['too long', `?challenge=${'a'.repeat(257)}`],
    ['far too long', `?challenge=${'a'.repeat(10_000)}`],
    ['markup', '?challenge=%3Cscript%3Ealert(1)%3C/script%3E'],
    ['a header injection', '?challenge=a%0d%0aSet-Cookie:%20x=1%0d%0a%0d%0a%3Chtml%3E'],
    ['a null byte', '?challenge=a%00b'],
    ['a letter beyond ASCII', '?challenge=%E7%8E%8B'],
    ['a broken escape', '?challenge=%E0%A4%A'],
  ])('that is %s is answered 400 and not echoed [A11]', async (_what, query) => {
    const { status, text } = await challenge(query);
    expect(status).toBe(400);
    expect(text).not.toMatch(/script|set-cookie|<html|aaaa/i);
    expect(text).toMatch(/\r\ncontent-type: application\/json/i);
  });
});

describe('a webhook event with another content type or encoding [A12]', () => {
  it.each([
    ['plain text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['declared as UTF-16', { 'content-type': 'application/json; charset=utf-16' }],
    ['NDJSON, like an import', { 'content-type': 'application/x-ndjson' }],
    ['an empty content type', { 'content-type': '' }],
    ['an invalid content type', { 'content-type': 'json;;=' }],
    ['the identity encoding', { 'content-encoding': 'identity' }],
  ])('is accepted by its bytes when it declares %s [A12]', async (_what, headers) => {
    const before = await storedInAll();
    expect((await good(webhookOf(check.caseId), headers)).status).toBe(200);
    expect(await storedInAll()).toBe(before + 1);
  });

  it('is accepted without a content type, and in chunks [A12]', async () => {
    const before = await storedInAll();
    for (const framing of ['Content-Length', 'Transfer-Encoding']) {
      const body = webhookOf(check.caseId);
      team.harness.record.note('notifying', { event: (JSON.parse(body) as { id: string }).id, case: check.caseId });
      const length = framing === 'Content-Length' ? String(body.length) : 'chunked';
      const sent = length === 'chunked' ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
      const answer = await sendRaw(
        nextUrl(),
        requestHead([`${framing}: ${length}`, `X-Signature: ${signed(body)}`, 'Connection: close']) + sent,
      );
      expect([framing, answer.status]).toEqual([framing, 200]);
    }
    expect(await storedInAll()).toBe(before + 2);
  });

  it('is refused when compressed, without unpacking it: bombs cost no memory [A12]', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const bodies: [string, Buffer][] = [
      ['gzip', gzipSync(webhookOf(check.caseId))],
      ['br', brotliCompressSync(webhookOf(check.caseId))],
      ['deflate', deflateSync(webhookOf(check.caseId))],
      ['gzip, gzip', gzipSync(gzipSync(webhookOf(check.caseId)))],
      ['gzip', bomb],
    ];
    const before = await storedInAll();
    const grown = await growth(async () => {
      for (const [encoding, body] of bodies) {
        const headers = { 'content-encoding': encoding, 'x-signature': signed(body) };
        expect((await postWebhook(nextUrl(), body, headers)).status).toBe(415);
      }
    });
    expect(await storedInAll()).toBe(before);
    expect(grown).toBeLessThan(20);
  });
});

describe('a body that is too large, endless, or of a wrong length [A13]', () => {
  it('is accepted at 64 KiB and refused at one byte more [A13]', async () => {
    const padded = (length: number): string => {
      const body = webhookOf(check.caseId, { padding: '' });
      return body.replace('"padding":""', `"padding":"${'x'.repeat(length - body.length)}"`);
    };
    const before = await storedInAll();
    expect((await good(padded(limit))).status).toBe(200);
    const beyond = padded(limit + 1);
    expect((await postWebhook(nextUrl(), beyond, { 'x-signature': signed(beyond) })).status).toBe(413);
    expect(await storedInAll()).toBe(before + 1);
  });

  it.each<[string, (socket: Socket) => void]>([
    [
      '100 MB, announced',
      (socket) => flood(socket, requestHead([`Content-Length: ${100 * 1024 * 1024}`]), Buffer.alloc(limit)),
    ],
    [
      '100 MB in chunks, without an end',
      (socket) => flood(socket, requestHead(['Transfer-Encoding: chunked']), aChunk()),
    ],
    [
      'both a length and chunks',
      (socket) => socket.write(requestHead(['Content-Length: 4', 'Transfer-Encoding: chunked']) + '0\r\n\r\n'),
    ],
    ['two lengths', (socket) => socket.write(`${requestHead(['Content-Length: 2', 'Content-Length: 40'])}{}`)],
    ['a length that is not a number', (socket) => socket.write(`${requestHead(['Content-Length: 0x10'])}{}`)],
    ['a negative length', (socket) => socket.write(`${requestHead(['Content-Length: -1'])}{}`)],
    [
      'a chunk of an impossible length',
      (socket) => socket.write(`${requestHead(['Transfer-Encoding: chunked'])}FFFFFFFFFFFFFFFFF\r\n`),
    ],
    [
      'more bytes than its length',
      (socket) => socket.write(`${requestHead(['Content-Length: 2'])}{}{"smuggled":true}\r\n\r\n`),
    ],
  ])('%s: answered 4xx or closed, without effect on other callers [A13]', async (_what, send) => {
    const before = await storedInAll();
    const others: number[] = [];
    let over = false;
    const ordinary = (async () => {
      while (!over) others.push((await requestMe()).ms);
    })();
    const grown = await growth(async () => {
      const answers = await Promise.all([sendRaw(nextUrl(), send), sendRaw(nextUrl(), send)]);
      for (const { status, closed } of answers) {
        expect(status === null || (status >= 400 && status < 500)).toBe(true);
        expect(closed).toBe(true);
      }
    });
    over = true;
    await ordinary;
    expect(grown).toBeLessThan(20);
    expect(quantile(others, 1)).toBeLessThan(5_000);
    expect(await storedInAll()).toBe(before);
  });
});

describe('a body of unusual or invalid JSON [A14]', () => {
  const depth = 30_000;
  const authentic: [string, (caseId: string) => string][] = [
    ['arrays in arrays', () => '['.repeat(depth) + ']'.repeat(depth)],
    ['objects in objects', () => '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    ['arrays that never close', () => '['.repeat(limit)],
    ['as many keys as there is room for', (c) => `{"object_id":"${c}",${manyKeys()}}`],
    [
      'keys of the prototype',
      (c) => `{"object_id":"${c}","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
    ],
    ['a lone surrogate', (c) => `{"object_id":"${c}","event_type":"\\ud800","id":"\\udfff"}`],
    ['a null character', (c) => `{"object_id":"${c}","event_type":"A\\u0000B","id":"x\\u0000y"}`],
    ['a null character in the case', (c) => `{"object_id":"${c}\\u0000","id":"null-in-case"}`],
    ['numbers out of range', (c) => `{"object_id":"${c}","id":9007199254740993,"n":1e999}`],
    ['invalid JSON', (c) => `{"object_id":"${c}","n":NaN}`],
    ['bytes that are not text', (c) => `{"object_id":"${c}","note":"\xff\xfe"}`],
    ['an empty body', () => ''],
    ['a string', () => '"CASE"'],
    ['null', () => 'null'],
  ];

  it.each(authentic)(
    '%s: accepted or ignored, never answered 5xx, and the next event is processed as usual [A14]',
    async (_what, written) => {
      const body = Buffer.from(written(check.caseId), 'latin1');
      const answer = await postWebhook(nextUrl(), body, { 'x-signature': signed(body) });
      expect(answer).toMatchObject({ status: 200, text: '' });
      const plain = webhookOf(check.caseId);
      expect((await good(plain)).status).toBe(200);
      const { id } = JSON.parse(plain) as { id: string };
      expect(await harness.rows('select 1 from integrations.inbound_event where event_id = $1', [id])).toHaveLength(1);
    },
  );

  it('hostile bodies do not delay other requests [A14]', async () => {
    const [hostile, ordinary]: [number[], number[]] = [[], []];
    for (let i = 0; i < 8; i += 1) {
      for (const [, written] of authentic.slice(0, 4)) {
        const body = written('7f1c2f0e-5b0e-4c1e-9a53-0d0f6f1f3a11');
        hostile.push((await postWebhook(nextUrl(), body, { 'x-signature': signed(body) })).ms);
        ordinary.push((await postWebhook(nextUrl(), '{}', { 'x-signature': signed('{}') })).ms);
      }
    }
    report('A14, median ms', { hostile: median(hostile), ordinary: median(ordinary) });
    expect(median(hostile) - median(ordinary)).toBeLessThan(Math.max(20, 5 * median(ordinary)));
  });
});

describe('clients that send one byte per second [A15]', () => {
  const dripping = (url: string, first: string, timeoutMs: number): Promise<RawAnswer> =>
    sendRaw(
      url,
      (socket) => {
        socket.write(first);
        const timer = setInterval(() => socket.write('a'), 1_000);
        socket.once('close', () => clearInterval(timer));
      },
      timeoutMs,
    );
  const slow = (first: string): Promise<RawAnswer>[] =>
    Array.from({ length: 50 }, (_, i) => dripping(harness.replicas[i % 2]?.url ?? '', first, 25_000));

  it('are disconnected: 100 of them within 10 s in the headers, 100 within 15 s in the body [A15]', async () => {
    const calm = await timesOf(100);
    const begun = performance.now();
    const unfinished = `POST ${webhookPath} HTTP/1.1\r\nHost: service.example.org\r\nX-Slow: `;
    const inHeaders = [...slow(unfinished), ...slow('')];
    const signature = `X-Signature: ${'a'.repeat(64)}`;
    const inBody = [
      ...slow(requestHead(['Content-Type: application/json', signature, 'Content-Length: 4096'])),
      ...slow(
        `${requestHead(['Content-Type: application/x-ndjson', 'Transfer-Encoding: chunked'], 'POST', '/ats/v0/imports')}FFFF\r\n`,
      ),
    ];
    const during = await timesOf(100);
    const [headers, bodies] = [await Promise.all(inHeaders), await Promise.all(inBody)];
    const slowest = (answer: RawAnswer[]): number => Math.max(...answer.map(({ ms }) => ms));
    report('A15', {
      'headers, longest ms': slowest(headers),
      'bodies, longest ms': slowest(bodies),
      'other requests before, p99 ms': quantile(calm, 0.99),
      'other requests during, p99 ms': quantile(during, 0.99),
    });
    expect([...headers, ...bodies].every(({ closed }) => closed)).toBe(true);
    expect(slowest(headers)).toBeLessThan(12_000);
    expect(slowest(bodies)).toBeLessThan(17_000);
    expect(performance.now() - begun).toBeLessThan(25_000);
    expect(median(during)).toBeLessThan(Math.max(20, 5 * median(calm)));
  }, 60_000);
});

async function requestMe(): Promise<{ ms: number }> {
  const begun = performance.now();
  const { status } = await team.admin.get('/me');
  if (status !== 200) throw new Error(`/me answered ${status}`);
  return { ms: performance.now() - begun };
}

async function timesOf(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) times.push((await requestMe()).ms);
  return times;
}

/** The largest growth of a replica's memory, in MB, while `work` runs a second time. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  await work();
  const before = harness.replicas.map(({ pid }) => memoryOf(pid));
  const watched = harness.replicas.map(({ pid }) => highest(() => memoryOf(pid)));
  await work();
  const grown = watched.map(({ stop }, i) => stop() - (before[i] ?? 0));
  return Math.max(...grown);
}
