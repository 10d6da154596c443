import { inspect } from 'node:util';
import { closedPort, httpAnswer, type RawServer, rawServer } from '../../../../../test/support/raw-server.js';
import { VendorFailure } from '../../gateway/domain/vendor-terms.js';
import { retryAfterMs } from '../../gateway/http/json-calls.js';
import { CertnAdapter } from './certn-adapter.js';

const apiKey = 'canary.key-9f3a';
const credentials = { region: 'uk', environment: 'sandbox', apiKey } as const;
const found = httpAnswer(200, { id: 'c-1' });

describe('reading from Certn', () => {
  let server: RawServer;
  afterEach(() => server?.stop());

  async function failureOf(status: number, body: unknown = '', headers: Record<string, string> = {}): Promise<unknown> {
    server = await rawServer((socket) => void socket.write(httpAnswer(status, body, headers)));
    return failureFrom(server.url);
  }

  async function failureFrom(baseUrl: string): Promise<unknown> {
    return new CertnAdapter({ baseUrl, readTimeoutMs: 10_000 })
      .readCase(credentials, 'c-1')
      .catch((error: unknown) => error);
  }

  it.each([
    [401, 'fix', 'key_refused', 1],
    [403, 'fix', 'key_refused', 1],
    [302, 'fix', 'misdirected', 1],
    [405, 'fix', 'misdirected', 1],
    [410, 'fix', 'misdirected', 1],
    [415, 'fix', 'misdirected', 1],
    [404, 'give_up', 'not_found', 1],
    [400, 'give_up', 'refused', 1],
    [422, 'give_up', 'refused', 1],
    [418, 'give_up', 'refused', 1],
    [408, 'retry', 'timeout', 1],
    [429, 'retry', 'throttled', 1],
    [500, 'retry', 'server_error', 3],
    [503, 'retry', 'server_error', 3],
  ])('types status %d as %s: %s, after %d tries', async (status, remedy, reason, tries) => {
    expect(await failureOf(status)).toMatchObject({ remedy, reason, retryAfterMs: null });
    expect(server.requests).toHaveLength(tries);
  });

  it.each([429, 503])('reports the pause that a %d asks for, and does not wait for it [E8]', async (status) => {
    expect(await failureOf(status, '', { 'Retry-After': '120' })).toMatchObject({
      remedy: 'retry',
      retryAfterMs: 120_000,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('asks before every request beyond the first, and skips it when the answer is no', async () => {
    let announced = 0;
    const twoInAll = {
      ...credentials,
      beforeExtraRequest: () => ((announced += 1) > 1 ? Promise.reject(new Error('used up')) : Promise.resolve()),
    };
    server = await rawServer((socket) => void socket.write(httpAnswer(500, '')));
    const reading = new CertnAdapter({ baseUrl: server.url }).readCase(twoInAll, 'c-1');
    await expect(reading).rejects.toMatchObject({ reason: 'server_error' });
    expect([announced, server.requests.length]).toEqual([2, 2]);
  });

  it.each(['<html>Sign in</html>', '{"id":', '', { id: 5 }, []])('types the answer %j as nonsense', async (body) => {
    expect(await failureOf(200, body)).toMatchObject({ remedy: 'retry', reason: 'nonsense' });
  });

  it('types a silent server as a time-out and a closed port as unreachable', async () => {
    server = await rawServer(() => undefined);
    const adapter = new CertnAdapter({ baseUrl: server.url, readTimeoutMs: 100 });
    await expect(adapter.readCase(credentials, 'c-1')).rejects.toMatchObject({ remedy: 'retry', reason: 'timeout' });
    expect(await failureFrom(await closedPort())).toMatchObject({ remedy: 'retry', reason: 'unreachable' });
  });

  it('repeats a GET that was cut off or failed at Certn, twice at most', async () => {
    server = await rawServer((socket, _, nth) => {
      if (nth === 1) socket.destroy();
      else socket.write(nth === 2 ? httpAnswer(502, '<html>') : found);
    });
    await expect(new CertnAdapter({ baseUrl: server.url }).readCase(credentials, 'c-1')).resolves.toMatchObject({
      id: 'c-1',
    });
    expect(server.requests).toHaveLength(3);
  });

  it('never repeats what is not a GET', async () => {
    server = await rawServer((socket) => socket.destroy());
    const adapter = new CertnAdapter({ baseUrl: server.url });
    await expect(adapter.cancelCase(credentials, 'c-1')).rejects.toMatchObject({ reason: 'unreachable' });
    await expect(adapter.requestReport(credentials, 'c-1')).rejects.toMatchObject({ reason: 'unreachable' });
    expect(server.requests).toHaveLength(2);
  });

  it('names a language for a report only when Certn asks for one', async () => {
    const refusal = { type: 'validation_error', errors: [{ code: 'required', detail: 'Required.', attr: 'language' }] };
    server = await rawServer((socket, request) => {
      const answer = request.includes('en-CA') ? httpAnswer(201, { id: 'r-1' }) : httpAnswer(400, refusal);
      socket.write(answer);
    });
    await expect(new CertnAdapter({ baseUrl: server.url }).requestReport(credentials, 'c-1')).resolves.toBe('r-1');
    expect(server.requests.map((request) => request.split('\r\n\r\n')[1])).toEqual(['{}', '{"language":"en-CA"}']);
  });

  it('ends every path with a slash, so that there is no redirect [E13]', async () => {
    server = await rawServer((socket) => void socket.write(found));
    await new CertnAdapter({ baseUrl: server.url }).readCase(credentials, 'c-1');
    expect(server.requests[0]).toMatch(/^GET \/api\/public\/cases\/c-1\/ HTTP/);
  });

  it.each(['..', '../users', 'a b', 'c-1/cancel', '', 'x'.repeat(65)])('never asks for the id "%s"', async (id) => {
    const adapter = new CertnAdapter({ baseUrl: 'http://nowhere.invalid' });
    await expect(adapter.readCase(credentials, id)).rejects.toMatchObject({ reason: 'not_found' });
  });

  it('throws errors that contain nothing of the request [E18]', async () => {
    const failures = [await failureOf(400, { detail: `${apiKey} is wrong` }), await failureFrom(await closedPort())];
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(VendorFailure);
      expect(Object.keys(failure as object).sort()).toEqual(['name', 'reason', 'remedy', 'retryAfterMs']);
      expect(inspect(failure, { depth: null, showHidden: true })).not.toMatch(/canary|Api-Key /);
    }
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-10-01T00:00:00Z');

  it.each([
    ['0', 0],
    ['7', 7_000],
    ['Thu, 01 Oct 2026 00:00:30 GMT', 30_000],
    ['Thu, 01 Oct 2020 00:00:00 GMT', 0],
    ['99999999999', 86_400_000],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%s', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
