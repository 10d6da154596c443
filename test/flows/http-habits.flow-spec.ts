import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, call, type Person } from '../support/people.js';

interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Unlike `fetch`, unpacks nothing and adds no header of its own. */
function raw(url: string, method: string, headers: Record<string, string> = {}): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject).end();
  });
}

describe('habits of HTTP', () => {
  const publicUrl = 'https://ats.example.org/base';
  let app: RunningApp;
  let admin: Person;
  const headers = (more: Record<string, string> = {}) => ({ authorization: `Bearer ${admin.token}`, ...more });
  const at = (path: string) => `${app.url}/ats/v0${path}`;

  beforeAll(async () => {
    app = await startApp({ env: { PUBLIC_URL: publicUrl } });
    ({ admin } = await aTeam(app));
    for (let nth = 0; nth < 12; nth += 1) await admin.post('/jobs', { name: `Job ${nth}` });
  });
  afterAll(() => app.close());

  describe('compression', () => {
    it.each([
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const)('answers that are worth it come as %s to clients that accept it', async (encoding, unpack) => {
      const plain = await raw(at('/jobs'), 'GET', headers());
      const packed = await raw(at('/jobs'), 'GET', headers({ 'accept-encoding': encoding }));
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(packed.headers).toMatchObject({ 'content-encoding': encoding, 'x-total-count': '12' });
      expect(packed.headers.vary).toContain('accept-encoding');
      expect(unpack(packed.body).equals(plain.body)).toBe(true);
      expect(packed.body.length).toBeLessThan(plain.body.length / 2);
    });

    it('short answers stay as they are', async () => {
      const { status, headers: got } = await raw(at('/no_such_thing'), 'GET', headers({ 'accept-encoding': 'gzip' }));
      expect([status, got['content-encoding']]).toEqual([404, undefined]);
    });
  });

  describe('methods', () => {
    it('a wrong method is answered with those that the address accepts', async () => {
      const { status, headers: got } = await raw(at('/jobs'), 'DELETE', headers());
      expect([status, got.allow]).toEqual([405, 'GET, HEAD, OPTIONS, POST']);
    });

    it('OPTIONS answers the methods of an address, without a credential', async () => {
      const { status, headers: got, body } = await raw(at('/jobs/1'), 'OPTIONS');
      expect([status, got.allow, body.length]).toEqual([204, 'GET, HEAD, OPTIONS, PATCH', 0]);
      expect((await raw(at('/no_such_thing'), 'OPTIONS')).status).toBe(404);
    });

    it('HEAD answers as GET does, without the body', async () => {
      for (const path of [
        '/jobs',
        '/me',
        '/candidates',
        '/background_checks',
        '/integrations',
        '/changes',
        '/no_such_thing',
      ]) {
        const got = await raw(at(path), 'GET', headers());
        const head = await raw(at(path), 'HEAD', headers());
        expect([path, head.status, head.body.length]).toEqual([path, got.status, 0]);
        for (const name of ['content-type', 'content-length', 'x-total-count', 'link'])
          expect([path, name, head.headers[name]]).toEqual([path, name, got.headers[name]]);
      }
    });

    it('HEAD of an export makes none', async () => {
      const accept = { accept: 'application/x-ndjson' };
      // A team has two exports at once. A third HEAD would be refused if the first two ran.
      const heads = await Promise.all([1, 2, 3].map(() => raw(at('/audit_log'), 'HEAD', headers(accept))));
      for (const head of heads) {
        expect([head.status, head.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
        expect(head.headers.etag).toBeUndefined();
      }
      const restricted = await aColleague(admin, 'restricted');
      const refused = await raw(at('/audit_log'), 'HEAD', { ...accept, authorization: `Bearer ${restricted.token}` });
      expect(refused.status).toBe(403);
    });

    it('HEAD of live updates ends at once', async () => {
      const { status, headers: got } = await raw(at('/updates'), 'HEAD', headers());
      expect([status, got['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    });
  });

  describe('Accept', () => {
    it.each(['text/html', 'application/xml', 'image/*', 'application/json;q=0'])(
      '%s is answered 406',
      async (accept) => {
        const { status, body } = await admin.get('/jobs', { accept });
        expect([status, body.reason]).toEqual([406, 'not_acceptable']);
      },
    );

    it.each([
      '*/*',
      'application/*',
      'application/json',
      'text/html, application/json;q=0.1',
      'application/problem+json',
    ])('%s is answered', async (accept) => {
      const { status, headers: got } = await admin.get('/jobs', { accept });
      expect([status, got.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    });

    it('each address knows its own content types', async () => {
      expect((await admin.get('/audit_log', { accept: 'application/x-ndjson' })).status).toBe(200);
      expect((await admin.get('/updates', { accept: 'application/json' })).status).toBe(406);
      expect((await call(app.url, 'GET', '/health/live', undefined, { accept: 'text/html' })).status).toBe(200);
    });
  });

  describe('errors', () => {
    it('come as problem details to clients that prefer them', async () => {
      const {
        status,
        headers: got,
        body,
      } = await admin.post<string>('/jobs', {}, { accept: 'application/problem+json' });
      expect([status, got.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8']);
      expect(JSON.parse(body)).toEqual({
        type: 'about:blank',
        title: 'Unprocessable Entity',
        status: 422,
        detail: expect.stringContaining('name'),
        instance: `urn:uuid:${got.get('x-request-id')}`,
        reason: 'invalid_request',
        errors: { json: { name: expect.any(Array) } },
      });
    });

    it('keep their usual form for all others', async () => {
      for (const accept of ['*/*', 'application/json', 'application/json, application/problem+json;q=0.5']) {
        const { headers: got, body } = await admin.post('/jobs', {}, { accept });
        expect(got.get('content-type')).toBe('application/json; charset=utf-8');
        expect(body).toMatchObject({ code: 422, status: 'Unprocessable Entity', reason: 'invalid_request' });
      }
    });

    it('a missing credential and a wrong one are challenged', async () => {
      expect((await raw(at('/jobs'), 'GET')).headers['www-authenticate']).toBe('Bearer realm="ats"');
      const wrong = await raw(at('/jobs'), 'GET', { authorization: 'Bearer nonsense' });
      expect([wrong.status, wrong.headers['www-authenticate']]).toEqual([
        401,
        'Bearer realm="ats", error="invalid_token"',
      ]);
    });
  });

  it('links are absolute, below the public address', async () => {
    const { headers: got } = await admin.get('/jobs?per_page=5&page=2');
    expect(got.get('link')).toBe(
      [
        `<${publicUrl}/ats/v0/jobs?per_page=5&page=1>; rel="first"`,
        `<${publicUrl}/ats/v0/jobs?per_page=5&page=1>; rel="prev"`,
        `<${publicUrl}/ats/v0/jobs?per_page=5&page=3>; rel="next"`,
        `<${publicUrl}/ats/v0/jobs?per_page=5&page=3>; rel="last"`,
      ].join(', '),
    );
  });

  describe('entity tags', () => {
    const tagOf = async (path: string, more = {}) => (await raw(at(path), 'GET', headers(more))).headers.etag ?? '';
    const unless = (tag: string) => headers({ 'if-none-match': tag });
    const paths = ['/jobs', '/jobs?per_page=5&page=2', '/me', '/candidates', '/integrations', '/retention_rule'];

    it.each(paths)('%s is answered 304 while it is what the caller has', async (path) => {
      const got = await raw(at(path), 'GET', headers());
      const tag = got.headers.etag ?? '';
      expect(tag).toMatch(/^"([\w-]{16}\.)?[\w-]{22}"$/);
      for (const method of ['GET', 'HEAD']) {
        const again = await raw(at(path), method, unless(`"other", W/${tag}`));
        expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, tag]);
        expect(again.headers['content-length']).toBeUndefined();
        expect(again.headers['content-type']).toBeUndefined();
        expect(again.headers['cache-control']).toBe('no-store');
      }
      const another = await raw(at(path), 'GET', unless('"other"'));
      expect([another.status, another.body.equals(got.body)]).toEqual([200, true]);
      expect((await admin.get(path, { 'if-none-match': tag })).status).toBe(304);
      expect((await raw(at(path), 'GET', unless('*'))).status).toBe(304);
      expect((await raw(at(path), 'GET', unless('not a tag'))).status).toBe(200);
    });

    it('a compressed answer has another tag, and each of them is recognised', async () => {
      const [plain, packed] = [await tagOf('/jobs'), await tagOf('/jobs', { 'accept-encoding': 'gzip' })];
      expect(packed).toBe(plain.replace(/"$/, ':gzip"'));
      expect((await raw(at('/jobs'), 'GET', unless(packed))).status).toBe(304);
      expect((await raw(at('/jobs'), 'GET', headers({ 'if-none-match': plain, 'accept-encoding': 'br' }))).status).toBe(
        304,
      );
    });

    it('If-Match holds for reads, too', async () => {
      const tag = await tagOf('/jobs');
      expect((await raw(at('/jobs'), 'GET', headers({ 'if-match': tag }))).status).toBe(200);
      const stale = await raw(at('/jobs'), 'GET', headers({ 'if-match': `W/${tag}` }));
      expect([stale.status, stale.headers.etag]).toEqual([412, undefined]);
      expect(JSON.parse(stale.body.toString())).toMatchObject({ reason: 'changed_meanwhile' });
      expect((await raw(at('/jobs'), 'GET', headers({ 'if-match': 'x' }))).status).toBe(400);
    });

    it('a further entry on another page makes another answer of this page', async () => {
      const before = await tagOf('/jobs?per_page=1&page=1&status=closed');
      await admin.post('/jobs', { name: 'Closed', status: 'closed' });
      const one = await tagOf('/jobs?per_page=1&page=2&status=closed');
      await admin.post('/jobs', { name: 'Also closed', status: 'closed' });
      expect(new Set([before, one, await tagOf('/jobs?per_page=1&page=2&status=closed')]).size).toBe(3);
    });

    it('callers with other rights get other tags, and rights come first', async () => {
      const { body: job } = await admin.post<{ id: string }>('/jobs', { name: 'Nurse' });
      const tag = await tagOf(`/jobs/${job.id}`);
      const standard = await aColleague(admin, 'standard');
      const own = await standard.get(`/jobs/${job.id}`, { 'if-none-match': tag });
      expect([own.status, own.headers.get('etag') === tag]).toEqual([200, false]);
      const restricted = await aColleague(admin, 'restricted');
      expect((await restricted.get(`/jobs/${job.id}`, { 'if-none-match': tag })).status).toBe(404);
      expect((await raw(at(`/jobs/${job.id}`), 'GET', { 'if-none-match': tag })).status).toBe(401);
    });

    it('files keep their own, whatever the encoding', async () => {
      const file = `${app.url}/docs/swagger-ui.css`;
      const { etag = '' } = (await raw(file, 'GET', { 'accept-encoding': 'br' })).headers;
      expect(etag).toMatch(/^W\/"[\w-]+"$/);
      expect((await raw(file, 'GET', { 'accept-encoding': 'br', 'if-none-match': etag })).status).toBe(304);
    });

    it('errors, changes and what is outside of the API have none', async () => {
      for (const path of ['/ats/v0/no_such_thing', '/health/live', '/openapi.json', '/docs'])
        expect([path, (await raw(`${app.url}${path}`, 'GET', headers())).headers.etag]).toEqual([path, undefined]);
      expect((await admin.post('/jobs', { name: 'Nurse' })).headers.get('etag')).toBeNull();
    });
  });
});
