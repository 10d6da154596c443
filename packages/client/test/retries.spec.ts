import { AtsClient, ConflictError, ConnectionError, RateLimitError, ServerError } from '../src/index.ts';
import { cut, cutInTheBody, json, refused, ScriptedService, silent } from './service.ts';

let service: ScriptedService;
let client: AtsClient;
beforeAll(async () => {
  service = await new ScriptedService().start();
  client = new AtsClient({ baseUrl: service.url, token: 'a-token', retries: { pauseMs: 1, timeoutMs: 500 } });
});
afterAll(() => service.stop());

const check = { id: 'c1' };
const body = { job_stage_item_id: 'i1' };
const keys = (): unknown[] => service.received.map(({ headers }) => headers['idempotency-key']);
const job = { name: 'Welder' } as Parameters<AtsClient['jobs']['update']>[1];

describe('A request is repeated', () => {
  it.each([
    ['the connection breaks', cut],
    ['the connection breaks in the middle of the answer', cutInTheBody],
    ['there is no answer in time', silent],
    ['the service is busy', refused(503, 'service_busy', { 'retry-after': '0' })],
    ['the limit is reached', refused(429, 'too_many_requests', { 'retry-after': '0' })],
    ['the first attempt is still being executed', refused(409, 'idempotency_in_progress', { 'retry-after': '0' })],
    ['a proxy finds no service', (response) => void response.writeHead(502).end('<html>')],
  ] satisfies [string, Parameters<ScriptedService['answersWith']>[0]][])(
    'with the same idempotency key when %s',
    async (_, failure) => {
      service.answersWith(failure, failure, json(201, check));
      expect(await client.backgroundChecks.send('a1', body)).toEqual(check);
      expect(service.received.map((one) => JSON.parse(one.body) as unknown)).toEqual([body, body, body]);
      expect(new Set(keys()).size).toBe(1);
      expect(keys()[0]).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('with the key that the caller gives, so that another process can repeat it', async () => {
    service.answersWith(cut, json(201, check));
    await client.backgroundChecks.send('a1', body, { idempotencyKey: 'mine' });
    expect(keys()).toEqual(['mine', 'mine']);
  });

  it('when it only reads', async () => {
    service.answersWith(cut, json(200, check));
    expect(await client.backgroundChecks.get('c1')).toEqual(check);
  });

  it('not before the time that the service names', async () => {
    service.answersWith(refused(503, 'service_busy', { 'retry-after': '1' }), json(200, check));
    const begun = performance.now();
    await client.backgroundChecks.get('c1');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(1_000);
  });

  it('four times at most', async () => {
    service.answersWith(refused(503, 'service_busy'));
    await expect(client.backgroundChecks.get('c1')).rejects.toBeInstanceOf(ServerError);
    expect(service.received).toHaveLength(4);
  });
});

describe('A request is sent once', () => {
  // No operation of the document makes something without a key for ever, so the generic door is asked.
  it('when it makes something and has no key', async () => {
    for (const failure of [cut, refused(503, 'service_busy'), refused(429, 'too_many_requests')]) {
      service.answersWith(failure, json(201, {}));
      await expect(
        client.http.POST('/ats/v0/background_checks/{id}/refresh', { params: { path: { id: 'c1' } } }),
      ).rejects.toThrow();
      expect(service.received).toHaveLength(1);
    }
  });

  it('when it changes something: the first attempt may have done it', async () => {
    service.answersWith(cut, json(200, {}));
    await expect(client.jobs.update('j1', job)).rejects.toBeInstanceOf(ConnectionError);
    expect(service.received).toHaveLength(1);
  });

  it('when the service asks for a longer pause than the caller wants to wait', async () => {
    service.answersWith(refused(429, 'budget_exhausted', { 'retry-after': '3600' }), json(200, check));
    const error: unknown = await client.backgroundChecks.get('c1').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ reason: 'budget_exhausted', retryAfterSeconds: 3600 });
    expect(service.received).toHaveLength(1);
  });

  it('when another attempt would be refused again', async () => {
    service.answersWith(refused(409, 'check_in_progress'));
    await expect(client.backgroundChecks.send('a1', body)).rejects.toBeInstanceOf(ConflictError);
    expect(service.received).toHaveLength(1);
  });

  it('and cancelled at once, with the reason of the caller', async () => {
    const stop = new AbortController();
    service.answersWith(() => stop.abort(new Error('enough')));
    await expect(client.backgroundChecks.get('c1', { signal: stop.signal })).rejects.toThrow('enough');
    expect(service.received).toHaveLength(1);
  });

  it('never to another address: a redirect would carry the key there', async () => {
    const other = await new ScriptedService().start();
    other.answersWith(json(200, check));
    service.answersWith((response) => void response.writeHead(307, { location: other.url }).end());
    await expect(client.backgroundChecks.get('c1')).rejects.toBeInstanceOf(ConnectionError);
    expect(other.received).toEqual([]);
    await other.stop();
  });
});
