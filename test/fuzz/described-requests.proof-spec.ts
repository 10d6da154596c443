import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'json-schema-faker';
import { Random } from '../faults/random.js';
import { type RunningApp, startApp } from '../support/app.js';
import { connectedTeam, aSentCheck } from '../support/fixtures.js';
import { DocumentJudge } from '../support/judge/document-judge.ts';
import { call, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import type { Document, Operation, Schema } from './document.js';

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_127);
const rounds = 6;
/** A stream, an import of lines, and what ends the connection or the sign-in of the others. */
const left = [
  ...['streamUpdates', 'importRecords', 'disableIntegration', 'saveIntegration', 'signOut', 'chooseTeam'],
  ...['eraseUser', 'updateUser', 'listTeamChoices'],
];

/** What the document can say only in words: a page within reach, one primary address, one of two fields. */
const pageInReach = /"page"/;
const saidInWords: Partial<Record<string, RegExp>> = {
  createActivity: /"vendor"/,
  createCandidate: /email_addresses/,
  updateCandidate: /email_addresses/,
  decideBackgroundCheck: /case_id|send_again/,
};

describe('What the document allows', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let admin: Person;
  let ids: Record<string, string>;
  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, RATE_LIMIT_USER_PER_MINUTE: '100000' } });
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    ({ admin } = team);
    ids = {
      ...{ jobs: check.jobId, candidates: check.candidateId, applications: check.applicationId },
      ...{ job_stages: check.stageId, job_stage_items: check.itemId, background_checks: check.id, users: admin.id },
    };
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  it('is answered as described, and is never invalid for a reason that the document does not give [F11]', async () => {
    const file = join(import.meta.dirname, '..', '..', 'openapi.json');
    const document = JSON.parse(readFileSync(file, 'utf8')) as Document;
    const judge = await DocumentJudge.of(document);
    const random = new Random(seed);
    const [faults, statuses] = [new Set<string>(), new Map<number, number>()];
    for (const [template, method, operation] of operationsOf(document)) {
      for (let round = 0; round < rounds; round += 1) {
        const path = await addressOf(document, template, operation, random);
        const body = await bodyOf(document, operation, random);
        const answer = await call<unknown>(app.url, method.toUpperCase(), path, body, {
          authorization: `Bearer ${admin.token}`,
        });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const headers = Object.fromEntries(answer.headers);
        const found = judge.violations({
          ...{ method: method.toUpperCase(), path, status: answer.status, headers },
          body: typeof answer.body === 'object' ? answer.body : headers['content-type'] === undefined ? undefined : '',
        });
        if (answer.status >= 500 && answer.status !== 503) found.push('our fault');
        if (isUnexplained(operation.operationId, answer)) found.push(JSON.stringify(answer.body));
        for (const fault of found) faults.add(`${operation.operationId} ${JSON.stringify(body)} ${path}: ${fault}`);
      }
    }
    expect([...faults].slice(0, 20)).toEqual([]);
    // What is only ever refused proves little.
    expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(200);
  }, 240_000);

  /** A path of things that are there, with a query that the document allows. */
  async function addressOf(document: Document, template: string, { parameters = [] }: Operation, random: Random) {
    const segment = template.split('/')[3] ?? '';
    const path = template
      .replace('{id}', ids[segment] ?? '0199aaaa-0000-7000-8000-000000000000')
      .replace('{vendor}', 'certn')
      .replace('{job_stage_item_id}', ids['job_stage_items'] ?? '');
    const query = new URLSearchParams();
    for (const { name, schema } of parameters.filter((one) => one.in === 'query' && random.chance(0.3))) {
      for (const value of [await made(document, schema, random)].flat()) query.append(name, String(value));
    }
    return query.size === 0 ? path : `${path}?${query.toString()}`;
  }
});

const operationsOf = ({ paths }: Document): (readonly [path: string, method: string, Operation])[] =>
  Object.entries(paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => [path, method, one] as const))
    .filter(([, , { operationId }]) => !left.includes(operationId));

async function bodyOf(document: Document, { requestBody }: Operation, random: Random): Promise<unknown> {
  const schema = requestBody?.content?.['application/json']?.schema;
  return schema && made(document, schema, random);
}

/** A value that the schema allows. */
const made = (document: Document, schema: Schema, random: Random): Promise<unknown> =>
  generate({ ...schema, components: document.components } as never, { seed: random.between(1, 1e9) });

function isUnexplained(operationId: string, { status, body }: { status: number; body: unknown }): boolean {
  const { reason, errors } = body as { reason?: string; errors?: object };
  if (status !== 422 || reason !== 'invalid_request') return false;
  const fields = JSON.stringify(errors);
  return !pageInReach.test(fields) && !(saidInWords[operationId]?.test(fields) ?? false);
}
