import { inspect } from 'node:util';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { closedPort, httpAnswer, type RawServer, rawServer } from '../../../../../test/support/raw-server.js';
import type { OrderOutcome } from '../../gateway/domain/vendor-terms.js';
import { CertnAdapter } from './certn-adapter.js';

const apiKey = 'canary.key-9f3a';
const orderId = 'f2c1a7de-6c0b-4d57-9d6e-0b7a0f4f1c22';
const caseId = '7f1c2f0e-5b0e-4c1e-9a53-0d0f6f1f3a11';
const certnError = (type: string, ...errors: object[]) => ({ type, errors });

describe('one attempt to order at Certn', () => {
  let server: RawServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  /** Sends one order to a server that reacts like this. */
  async function orderFrom(react: (socket: Socket) => void, timeoutMs = 20_000): Promise<OrderOutcome> {
    await server?.stop();
    server = await rawServer(react);
    return orderAt(server.url, timeoutMs);
  }

  function orderAt(baseUrl: string, timeoutMs = 20_000): Promise<OrderOutcome> {
    const adapter = new CertnAdapter({ baseUrl });
    const credentials = { region: 'ca', environment: 'production', apiKey } as const;
    return adapter.placeOrder(credentials, { orderId, packageId: 'p-1', email: 'ada@example.org' }, { timeoutMs });
  }

  const answering = (...answer: Parameters<typeof httpAnswer>) => {
    return orderFrom((socket) => void socket.write(httpAnswer(...answer)));
  };

  it('sends the package, the address and the request for an invitation mail, and nothing else [R-72]', async () => {
    expect(await answering(201, { id: caseId })).toMatchObject({ kind: 'placed', case: { id: caseId } });
    const [head, body] = (server?.requests[0] ?? '').split('\r\n\r\n');
    expect(head).toMatch(/^POST \/api\/public\/cases\/order-package\/ HTTP\/1\.1\r\n/);
    expect(head).toMatch(/\r\nAuthorization: Api-Key canary\.key-9f3a\r\n/);
    expect(head).toMatch(/\r\nContent-Type: application\/json\r\n/);
    expect(JSON.parse(body ?? '')).toEqual({
      package: 'p-1',
      email_address: 'ada@example.org',
      send_invite_email: true,
    });
  });

  it('makes one request on a connection of its own, even when the last one was kept open [E19, E20]', async () => {
    server = await rawServer(
      (socket) => void socket.write(httpAnswer(201, { id: caseId }, { Connection: 'keep-alive' })),
    );
    const adapter = new CertnAdapter({ baseUrl: server.url });
    const credentials = { region: 'ca', environment: 'production', apiKey } as const;
    await adapter.readCase(credentials, caseId);
    await adapter.placeOrder(credentials, { orderId, packageId: 'p-1', email: 'a@example.org' }, { timeoutMs: 20_000 });
    await adapter.placeOrder(credentials, { orderId, packageId: 'p-1', email: 'b@example.org' }, { timeoutMs: 20_000 });
    await adapter.readCase(credentials, caseId);
    expect(server.requests.map((request) => request.slice(0, 4))).toEqual(['GET ', 'POST', 'POST', 'GET ']);
    // The two reads share one connection; each order has its own.
    expect(server.connections).toBe(3);
  });

  describe('was not sent when nothing can have left [E1]', () => {
    it('a refused port', async () => {
      expect(await orderAt(await closedPort())).toMatchObject({ kind: 'not_sent', retryAfterMs: null });
    });

    it('a name that does not resolve', async () => {
      expect(await orderAt('http://nowhere.invalid')).toMatchObject({ kind: 'not_sent' });
    });

    it('a TLS handshake that never ends', async () => {
      server = await rawServer(() => undefined);
      const outcome = await orderAt(server.url.replace('http:', 'https:'), 300);
      expect(outcome).toMatchObject({ kind: 'not_sent', message: expect.stringContaining('in time') as string });
      expect(server.connections).toBe(1);
    });

    it('a TLS handshake that fails', async () => {
      const { url, stop } = await strangeServer();
      const outcome = await orderAt(url.replace('http:', 'https:'));
      await stop();
      expect(outcome).toMatchObject({ kind: 'not_sent', message: expect.stringContaining('reached') as string });
    });
  });

  it('sends nothing when its time is over before the connection is ready [C11]', async () => {
    server = await rawServer((socket) => void socket.write(httpAnswer(201, { id: caseId })));
    const adapter = new CertnAdapter({ baseUrl: server.url });
    const credentials = { region: 'ca', environment: 'production', apiKey } as const;
    const order = { orderId, packageId: 'p-1', email: 'ada@example.org' };
    const asked: boolean[] = [];
    const isOver = (): boolean => asked.push(true) > 0;
    const outcome = await adapter.placeOrder(credentials, order, { timeoutMs: 20_000, isOver });
    expect(outcome).toMatchObject({ kind: 'not_sent' });
    expect([asked.length, server.connections, server.requests]).toEqual([1, 1, []]);
  });

  describe('has an unknown outcome once a byte may have left [E2, E5, E20]', () => {
    it.each<[string, (socket: Socket) => void]>([
      ['no answer in time', () => undefined],
      ['closed without an answer', (socket) => socket.end()],
      ['reset without an answer', (socket) => socket.resetAndDestroy()],
      ['reset within the headers', (socket) => socket.write('HTTP/1.1 201 Created\r\nConte', () => socket.destroy())],
      ['reset after the headers', (socket) => cutAfter(socket, 'HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\n')],
      ['a body that ends early', (socket) => cutAfter(socket, httpAnswer(201, { id: caseId }).slice(0, -9))],
      ['a body that never ends', (socket) => void socket.write(httpAnswer(201, { id: caseId }).slice(0, -9))],
      ['an answer that is not HTTP', (socket) => void socket.write('220 smtp.example.org\r\n\r\n')],
    ])('%s', async (_, react) => {
      expect((await orderFrom(react, 300)).kind).toBe('outcome_unknown');
      expect(server?.requests).toHaveLength(1);
    });

    it('a connection that is accepted and closed at once', async () => {
      server = await rawServer(() => undefined);
      const accepting = server;
      const outcome = orderAt(accepting.url, 400);
      while (accepting.connections === 0) await new Promise((resolve) => setImmediate(resolve));
      await accepting.stop();
      expect((await outcome).kind).toBe('outcome_unknown');
    });

    it.each([
      ['cut JSON', '{"id": "7f1c'],
      ['HTML', '<html><body>Welcome</body></html>'],
      ['nothing', ''],
      ['no id', { overall_status: 'CASE_ORDERED' }],
      ['an id that is a number', { id: 7 }],
      ['an id that is empty', { id: '' }],
      ['an id that leads elsewhere', { id: '../users' }],
      ['a list', [{ id: caseId }]],
    ])('201 with %s [E5]', async (_, body) => {
      expect((await answering(201, body)).kind).toBe('outcome_unknown');
    });

    it('an answer that is too large [E5]', async () => {
      expect((await answering(201, { id: caseId, padding: 'x'.repeat(11 * 1024 * 1024) })).kind).toBe(
        'outcome_unknown',
      );
    });

    it.each([500, 502, 503, 504, 599, 402, 406, 408, 451])('status %d [E4]', async (status) => {
      expect((await answering(status, certnError('server_error'))).kind).toBe('outcome_unknown');
      expect(server?.requests).toHaveLength(1);
    });

    it.each(['<html>Too many requests</html>', { message: 'slow down' }, { type: 'client_error' }])(
      "a 429 without Certn's error body [E8]",
      async (body) => {
        expect((await answering(429, body, { 'Retry-After': '7' })).kind).toBe('outcome_unknown');
      },
    );
  });

  describe('was finally refused [E6]', () => {
    it.each([400, 404, 409, 422])("status %d, with Certn's message", async (status) => {
      const refusal = { code: 'invalid', detail: 'Enter a valid e-mail address.', attr: 'email_address' };
      expect(await answering(status, certnError('validation_error', refusal))).toEqual({
        kind: 'refused',
        message: 'email_address: Enter a valid e-mail address.',
      });
      expect(server?.requests).toHaveLength(1);
    });

    it('with a neutral message when a gateway answered', async () => {
      const outcome = await answering(404, '<html><script>alert(1)</script></html>');
      expect(outcome).toEqual({ kind: 'refused', message: 'Certn refused the request.' });
    });
  });

  it.each([401, 403])('%d means that the key was refused, and nothing was executed [E7]', async (status) => {
    const outcome = await answering(status, certnError('client_error', { detail: 'Invalid Api-Key', attr: null }));
    expect(outcome).toMatchObject({ kind: 'not_executed', reason: 'key_refused' });
  });

  it('does not send a key that cannot be in a header', async () => {
    const adapter = new CertnAdapter({ baseUrl: await closedPort() });
    const credentials = { region: 'ca', environment: 'production', apiKey: 'key\r\nX-Evil: 1' } as const;
    const outcome = await adapter.placeOrder(credentials, { orderId, packageId: 'p', email: 'e' }, { timeoutMs: 500 });
    expect(outcome).toMatchObject({ kind: 'not_executed', reason: 'key_refused' });
  });

  it.each([301, 302, 307, 308, 405, 410, 415])(
    '%d means that the call was misdirected; a redirect is not followed [E13]',
    async (status) => {
      const other = await rawServer((socket) => void socket.write(httpAnswer(201, { id: caseId })));
      const outcome = await answering(status, '', { Location: `${other.url}/api/public/cases/order-package/` });
      await other.stop();
      expect(outcome).toMatchObject({ kind: 'not_executed', reason: 'misdirected' });
      expect(other.requests).toEqual([]);
      expect(server?.requests).toHaveLength(1);
    },
  );

  it.each([
    ['7', 7_000],
    [undefined, null],
    ['soon', null],
  ])("Certn's own 429 with Retry-After %s was not executed [E8]", async (header, retryAfterMs) => {
    const headers: Record<string, string> = header === undefined ? {} : { 'Retry-After': header };
    const outcome = await answering(429, certnError('client_error', { code: 'throttled', attr: null }), headers);
    expect(outcome).toMatchObject({ kind: 'not_sent', retryAfterMs });
  });

  it('never reveals the key [E18]', async () => {
    const echo = certnError('client_error', { detail: `Key ${apiKey} may not do this`, attr: null });
    const outcomes = [await answering(400, echo), await answering(500, echo), await orderAt(await closedPort())];
    expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'outcome_unknown', 'not_sent']);
    expect(inspect(outcomes, { depth: null })).not.toContain('canary');
  });
});

/** A server that sends data first, and no TLS. */
async function strangeServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .resume()
      .end('220 smtp.example.org\r\n'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

function cutAfter(socket: Socket, text: string): void {
  socket.write(text, () => socket.end());
}
