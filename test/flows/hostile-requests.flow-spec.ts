import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/free-port.js';
import { aTeam, type Answer, call, type Person } from '../support/people.js';
import { type Exchange, onTheWire } from '../support/on-the-wire.js';
import { Service } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

interface Document {
  paths: Record<string, Record<string, unknown>>;
}

let database: TestDatabase;
let service: Service;
let admin: Person;
beforeAll(async () => {
  database = await createTestDatabase();
  service = await Service.start(database.url, await freePort());
  ({ admin } = await aTeam({ url: service.url, databaseUrl: database.url, close: async () => undefined }));
}, 60_000);
afterAll(async () => {
  await service?.stop();
  await database?.drop();
});
// After every test, the process that was started must still run and answer.
afterEach(async () => {
  expect(service.process.exitCode).toBeNull();
  expect(service.process.signalCode).toBeNull();
  expect((await admin.get('/me')).status).toBe(200);
});

const anId = '0199aaaa-0000-7000-8000-000000000000';
const document = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'openapi.json'), 'utf8')) as Document;
const writes = Object.entries(document.paths)
  .flatMap(([path, methods]) => Object.keys(methods).map((method): [string, string] => [method.toUpperCase(), path]))
  .filter(([method]) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method));

const send = (method: string, path: string, body: string, headers: Record<string, string>): Promise<Answer> =>
  call(service.url, method, path.replaceAll(/\{\w+\}/g, anId), body, {
    authorization: `Bearer ${admin.token}`,
    ...headers,
  });

const refusal = (code: number, reason: string): object => ({
  code,
  status: expect.any(String) as string,
  message: expect.stringMatching(/\.$/) as string,
  errors: expect.any(Object) as object,
  reason,
});

describe('A body of another content type', () => {
  it.each([
    ['application/x-ndjson', '{}'],
    ['application/x-www-form-urlencoded', 'name=Nurse'],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="name"\r\n\r\nNurse\r\n--x--'],
    ['text/plain', '{"name":"Nurse"}'],
    ['application/xml', '<name>Nurse</name>'],
    ['application/octet-stream', '\u0000\u0001'],
    ['application/merge-patch+json', '{"name":"Nurse"}'],
    ['json', '{"name":"Nurse"}'],
  ])('is 415 on every route with a body: %s', async (type, body) => {
    for (const [method, path] of writes) {
      if (path.endsWith('/imports') && type.includes('ndjson')) continue;
      const { status, body: answer } = await send(method, path, body, { 'content-type': type });
      expect([method, path, status, answer]).toEqual([method, path, 415, refusal(415, 'unsupported_media_type')]);
    }
  });
});

describe('A JSON body', () => {
  const json = { 'content-type': 'application/json' };
  const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  it.each([
    ['a list', '[]', 422],
    ['a text', '"name"', 422],
    ['a number', '1', 422],
    ['null', 'null', 422],
    ['nothing', '', 400],
    ['cut off', '{"name":', 400],
    ['nested 100,000 deep', deep(100_000), 422],
    ['lists nested 100,000 deep', `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 422],
    ['with the key __proto__', '{"name":"Nurse","__proto__":{"admin":true}}', 400],
    ['with the key constructor', '{"name":"Nurse","constructor":{"prototype":{"admin":true}}}', 400],
    ['with a constructor that is a number', '{"name":"Nurse","constructor":1}', 422],
    ['with a constructor deeper inside', '{"name":{"constructor":1}}', 422],
    ['with a constructor deeper inside, in a list', '{"name":[{"constructor":"x"}]}', 422],
    ['with a method', '{"name":{"then":1,"toString":2,"hasOwnProperty":3}}', 422],
    ['with as many fields as there is room for', JSON.stringify(manyFields(60_000)), 422],
  ])('is refused with a message: %s', async (_what, body, status) => {
    const answer = await send('POST', '/ats/v0/jobs', body, json);
    const reason = status === 400 ? 'malformed_request' : 'invalid_request';
    expect([answer.status, answer.body]).toEqual([status, refusal(status, reason)]);
    expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
  });

  it('may repeat a key: the last one counts, as usual in JSON', async () => {
    const answer = await send('POST', '/ats/v0/jobs', '{"name":1,"name":"Nurse"}', json);
    expect(answer).toMatchObject({ status: 201, body: { name: 'Nurse' } });
  });

  it('is refused with hostile fields deep in a list of permissions', async () => {
    const job = await admin.post<{ id: string }>('/jobs', { name: 'Nurse' });
    for (const entry of [
      '{"constructor":1}',
      '[]',
      'null',
      '"x"',
      deep(5_000),
      '{"user_id":{"a":[{"__proto__":1}]}}',
    ]) {
      const answer = await admin.put(`/jobs/${job.body.id}/permissions`, `[${entry}]`, json);
      const status = entry.includes('__proto__') ? 400 : 422;
      const reason = status === 400 ? 'malformed_request' : 'invalid_request';
      expect([answer.status, answer.body]).toEqual([status, refusal(status, reason)]);
    }
  });
});

describe('An address', () => {
  it.each([
    ['/ats/v0/candidates/%', 400],
    ['/ats/v0/candidates/%zz', 400],
    ['/ats/v0/candidates/%c3%28', 400],
    ['/%', 400],
    ['/certn/certnWebhookHandler%', 400],
    ['/ats/v0/candidates/LONG', 404],
    ['/ats/v0/candidates/%00', 404],
    ['/ats/v0/candidates?__proto__=1', 422],
    ['/ats/v0/candidates?constructor=1', 422],
    ['/ats/v0/candidates?page=1&page=2', 422],
    ['/ats/v0/candidates?page[a]=1', 422],
    ['/ats/v0/candidates?include_deleted=true&include_deleted=false', 422],
    ['/ats/v0/candidates?search=%00', 422],
    ['/ats/v0/candidates?search=%ed%a0%80', 200],
    ['/ats/v0/background_checks?package_id=%00', 422],
    ['/ats/v0/applications?stage_id=%00', 200],
  ])('gets a response in the common format: %s', async (path, status) => {
    const answer = await ask(head('GET', path.replace('LONG', 'a'.repeat(15_000))));
    expect(answer.status).toBe(status);
    if (status >= 400) mustBeContract(answer);
  });
});

describe('Requests that Fastify and Node refuse before any route', () => {
  it.each<[string, string, number]>([
    ['headers that are too large', head('GET', '/ats/v0/me', [`X-Large: ${'x'.repeat(40_000)}`]), 431],
    ['an HTTP version that is none', 'GET /ats/v0/me HTTP/9.9\r\nHost: a\r\n\r\n', 400],
    ['what is no HTTP', 'HELO there\r\n\r\n', 400],
    ['no host', 'GET /ats/v0/me HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['an expectation that is none', head('GET', '/ats/v0/me', ['Expect: the-best']), 417],
    [
      'a length and pieces both',
      head('POST', '/ats/v0/jobs', ['Content-Length: 2', 'Transfer-Encoding: chunked']),
      400,
    ],
    ['an unknown method', head('BREW', '/ats/v0/jobs'), 400],
    ['a method that no route takes', head('PROPFIND', '/ats/v0/jobs'), 405],
    ['a version of the API that is none', head('GET', '/ats/v0/me', ['Accept-Version: 9.x']), 200],
    ['a compressed body', head('POST', '/ats/v0/jobs', ['Content-Encoding: gzip', 'Content-Length: 2']), 415],
  ])('get an error in the common format: %s', async (_what, bytes, status) => {
    const answer = await ask(bytes);
    expect(answer.status).toBe(status);
    if (status >= 400) mustBeContract(answer);
  });
});

const ask = (bytes: string): Promise<Exchange> => onTheWire(service.url, bytes.replace('TOKEN', admin.token));

function head(method: string, path: string, headers: string[] = []): string {
  const lines = ['Host: ats.example.org', 'Authorization: Bearer TOKEN', 'Connection: close', ...headers];
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

function mustBeContract({ status, headers, body }: Exchange): void {
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(body)).toEqual(refusal(status ?? 0, expect.stringMatching(/^[a-z_]+$/) as unknown as string));
}

function manyFields(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`field${i}`, 1]));
}
