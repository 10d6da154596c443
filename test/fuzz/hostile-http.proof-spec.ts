import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { freePort } from '../../scripts/free-port.js';
import { buildIfNeeded } from '../../scripts/local-run.js';
import { type Exchange, onTheWire } from '../support/on-the-wire.js';
import { aTeam, type Person } from '../support/people.js';
import { closedPort } from '../support/raw-server.js';
import { Service } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import type { Document } from './document.js';
import { bytesOf, type HostileRequest, hostileRequests } from './hostile-arbitraries.js';

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_126);
const runs = 4_000;
const secondsAtMost = 60;

let database: TestDatabase;
let service: Service;
let admin: Person;
beforeAll(async () => {
  buildIfNeeded();
  database = await createTestDatabase();
  // Nothing of what is made up may reach a real Certn.
  service = await Service.start(database.url, await freePort(), { CERTN_BASE_URL: await closedPort() });
  ({ admin } = await aTeam({ url: service.url, databaseUrl: database.url, close: async () => undefined }));
}, 120_000);
afterAll(async () => {
  await service?.stop();
  await database?.drop();
});

it(`requests made up by fast-check end no process, get no 5xx, and are refused in the one shape [F12]`, async () => {
  const document = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'openapi.json'), 'utf8')) as Document;
  // A stream that ends when one leaves it.
  delete document.paths['/ats/v0/updates'];
  const job = await admin.post<{ id: string }>('/jobs', { name: 'Nurse' });
  const ids = [job.body.id, '0199aaaa-0000-7000-8000-000000000000'];
  const statuses = new Map<number | null, number>();
  await fc.assert(
    fc.asyncProperty(hostileRequests(document, admin.token, ids), async (request) => {
      const answer = await onTheWire(service.url, bytesOf(request), request.framing === 'long' ? 150 : 5_000);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      expect([service.process.exitCode, service.process.signalCode]).toEqual([null, null]);
      expect(faultOf(request, answer)).toBeNull();
    }),
    // A process that ended fails every smaller example too.
    { seed, numRuns: runs, endOnFailure: true, interruptAfterTimeLimit: secondsAtMost * 1_000 },
  );
  expect((await admin.get('/me')).status).toBe(200);
  // What is only ever refused in one way proves little.
  for (const status of [200, 400, 401, 404, 405, 415, 422]) expect(statuses.get(status) ?? 0).toBeGreaterThan(10);
}, 90_000);

/** What is wrong with an answer; null when nothing is. */
function faultOf({ method, framing }: HostileRequest, { status, headers, body }: Exchange): string | null {
  // Whoever lies about the length is answered, or waits for bytes that never come.
  if (status === null) return framing === 'long' ? null : 'no answer';
  if (status >= 500 && status !== 503) return `${status}: ${body}`;
  if (status < 400 || method === 'HEAD') return null;
  if (!headers['content-type']?.startsWith('application/json')) return `${status} is no JSON: ${body}`;
  // What is sent beyond the stated length is a request of its own, and answered as one.
  const length = Number(headers['content-length'] ?? body.length);
  const text = headers['transfer-encoding'] === 'chunked' ? body.split('\r\n')[1] : body.slice(0, length);
  const refusal = JSON.parse(text ?? '') as Record<string, unknown>;
  const fields = Object.keys(refusal).sort().join();
  return fields === 'code,errors,message,reason,status' && refusal['code'] === status ? null : `not the shape: ${body}`;
}
