import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../faults/random.js';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, type Answer, call, Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, aTask, connectedTeam, connect } from '../support/fixtures.js';
import { DocumentJudge } from '../support/judge/document-judge.ts';
import type { Document } from './document.js';
import { Inputs } from './inputs.js';

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_123);
const cases = 10_000;
const atATime = 8;
/** A stream that ends when one leaves it; and what ends the connection that the others need. */
const left = ['GET /ats/v0/updates', 'DELETE /ats/v0/integrations/{vendor}', 'PUT /ats/v0/integrations/{vendor}'];

let app: RunningApp;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

it(`${cases} requests made up from openapi.json get no 5xx, no undeclared status and no undeclared field [F11]`, async () => {
  const file = join(import.meta.dirname, '..', '..', 'openapi.json');
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const { people, ids } = await aPopulatedTeam();
  const inputs = new Inputs(document, new Random(seed), ids);
  const wanted = operations.filter(({ method, path }) => !left.includes(`${method} ${path}`));
  const judge = await DocumentJudge.of(document);
  const statuses = new Map<number, number>();
  const faults: string[] = [];

  const next = async (i: number): Promise<void> => {
    const { method, path, operation } = wanted[i % wanted.length] ?? {
      method: '',
      path: '',
      operation: { operationId: '', responses: {} },
    };
    const [asked, body, person] = [inputs.path(path, operation), inputs.body(operation), inputs.one(people)];
    const answer = await ask(person, method, asked, body);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    for (const fault of faultsIn(judge, method, asked, answer)) {
      faults.push(
        `${method} ${asked.slice(0, 200)} ${JSON.stringify(body)?.slice(0, 300)} → ${answer.status}: ${fault}`,
      );
    }
  };
  for (let i = 0; i < cases; i += atATime) {
    await Promise.all(Array.from({ length: atATime }, (_, more) => next(i + more)));
  }
  expect(faults.slice(0, 30)).toEqual([]);
  // What is only ever refused proves little.
  const allowed = [200, 201, 204].map((status) => statuses.get(status) ?? 0);
  expect(allowed[0]).toBeGreaterThan(cases / 10);
  expect(allowed[1]).toBeGreaterThan(cases / 200);
  for (const status of [401, 403, 404, 409, 422]) expect(statuses.get(status) ?? 0).toBeGreaterThan(5);
}, 300_000);

function ask(person: Person, method: string, path: string, body: unknown): Promise<Answer<unknown>> {
  const sent = body === undefined || method === 'GET' ? undefined : JSON.stringify(body);
  const type = path.startsWith('/ats/v0/imports') ? 'application/x-ndjson' : 'application/json';
  const headers = { authorization: `Bearer ${person.token}`, ...(sent === undefined ? {} : { 'content-type': type }) };
  return call(app.url, method, path, sent, headers);
}

function faultsIn(judge: DocumentJudge, method: string, path: string, answer: Answer<unknown>): string[] {
  if (answer.status >= 500) return ['our fault'];
  const { status, body } = answer;
  const headers = Object.fromEntries(answer.headers);
  // A body that is no JSON is a stream of lines or a report: its text is not described.
  const judged = typeof body === 'object' ? body : headers['content-type'] === undefined ? undefined : '';
  return judge.violations({ method, path, status, headers, body: judged });
}

/** People of every kind, and things of every kind to meddle with. */
async function aPopulatedTeam(): Promise<{ people: Person[]; ids: string[] }> {
  const team = await connectedTeam(app, sandbox);
  const other = await connectedTeam(app, sandbox);
  await connect(other.admin, other.account);
  const checks = [await aSentCheck(team), await aSentCheck(team), await aSentCheck(other)];
  const standard = await aColleague(team.admin, 'standard');
  const limited = await aColleague(team.admin, 'limited');
  // The requests may disable or erase these two, and not the people who send them.
  const bystanders = [await aColleague(team.admin, 'standard'), await aColleague(team.admin, 'limited')];
  const [first] = checks;
  const taskId = await aTask(team.admin, first?.stageId ?? '');
  const granted = [{ user_id: limited.id, permissions: ['view_results'] }];
  await team.admin.put(`/jobs/${first?.jobId}/permissions`, granted);
  // The admin cannot be disabled or lowered by the requests of the others, as the last one.
  const people = [team.admin, team.admin, standard, limited, new Person(app.url, 'no-user', 'a.b.c')];
  const ids = checks.flatMap(({ id, jobId, stageId, itemId, candidateId, applicationId }) => [
    ...[id, jobId, stageId, itemId, candidateId, applicationId],
  ]);
  return {
    people,
    ids: [...ids, taskId, ...bystanders.map(({ id }) => id), team.packageId, '0199aaaa-0000-7000-8000-000000000000'],
  };
}
