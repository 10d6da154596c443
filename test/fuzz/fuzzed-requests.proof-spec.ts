import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../faults/random.js';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, call, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aCandidate,
  aCertnItem,
  aJob,
  anApplication,
  aStage,
  type ConnectedTeam,
  connectedTeam,
} from '../support/situations.js';
import { Answers } from './answers.js';
import { type Document, type Route, routesOf, Values } from './document.js';

const cases = Number(process.env['FUZZ_CASES'] ?? 10_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const atOnce = 8;

const document = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'openapi.json'), 'utf8')) as Document;
/** Live updates have no end; the others are asked. */
const routes = routesOf(document).filter(({ path }) => path !== '/ats/v0/updates');

describe('Requests that nobody would send', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;
  let callers: Person[];
  let ids: string[];

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
    team = await connectedTeam(app, sandbox);
    callers = [team.admin, await aColleague(team.admin, 'standard'), await aColleague(team.admin, 'limited')];
    const jobId = await aJob(team.admin);
    const stageId = await aStage(team.admin, jobId, 'Background check');
    const itemId = await aCertnItem(team.admin, stageId, team.packageId);
    const candidateId = await aCandidate(team.admin);
    const applicationId = await anApplication(team.admin, candidateId, jobId);
    ids = [jobId, stageId, itemId, candidateId, applicationId, team.packageId];
  });
  afterAll(async () => {
    await app.close();
    await sandbox.stop();
  });

  async function faultOf(route: Route, values: Values, random: Random, answers: Answers): Promise<string | null> {
    const { method, path, operation } = route;
    const named = (place: string) => (operation.parameters ?? []).filter((parameter) => parameter.in === place);
    const query = new URLSearchParams();
    for (const { name, schema } of named('query')) if (random.chance(0.3)) query.append(name, values.text(schema));
    const headers = Object.fromEntries(
      named('header').flatMap(({ name }) => (random.chance(0.5) ? [[name, `fuzz ${random.between(0, 99)}`]] : [])),
    );
    const address = `${path.replace(/\{\w+\}/g, () => encodeURIComponent(values.id().toWellFormed()))}?${query.toString()}`;
    const content = Object.entries(operation.requestBody?.content ?? {})[0];
    const body = content && JSON.stringify(values.any(content[1].schema));
    const { token } = random.pick(callers);
    const answer = await call(app.url, method, address, body, {
      ...headers,
      ...(content ? { 'content-type': content[0] } : {}),
      ...(random.chance(0.97) ? { authorization: `Bearer ${token}` } : {}),
    });
    const fault = answers.faultOf(route, answer.status, answer.body);
    return fault && `${method} ${path} ${fault}: ${address} ${body ?? ''}`.slice(0, 500);
  }

  it(`F11: ${cases} requests made from openapi.json, seed ${seed}: no 5xx, no status and no field that it does not declare`, async () => {
    const random = new Random(seed);
    const values = new Values(document, random, ids);
    const answers = new Answers(document);
    const faults = new Set<string>();
    let left = cases;
    const worker = async (): Promise<void> => {
      for (; left > 0 && faults.size < 10; left -= 1) {
        const fault = await faultOf(random.pick(routes), values, random, answers);
        if (fault) faults.add(fault);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    expect([...faults]).toEqual([]);
  }, 300_000);
});
