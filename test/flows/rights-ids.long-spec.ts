import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, call } from '../support/people.js';
import { callers, type Callers, invite } from '../support/rights/callers.js';
import { idFields, idIn, spellings, takenEmail, tries } from '../support/rights/ids.js';
import { checkRoutes } from '../support/rights/check-routes.js';
import { jobRoutes } from '../support/rights/job-routes.js';
import { asCell } from '../support/rights/leaks.js';
import { requestFor } from '../support/rights/requests.js';
import { blocksOf, rowsOf } from '../support/rights/table.js';
import { teamRoutes } from '../support/rights/team-routes.js';
import { aWorld, type PlaceName, placeNames, placesOf, type World } from '../support/rights/world.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';

let app: RunningApp;
let sandbox: Sandbox;
let world: World;
let people: Callers;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, RATE_LIMIT_PER_MINUTE: '100000' } });
  world = await aWorld(app, sandbox);
  people = await invite(app, world);
  await aColleague(people.admin, 'limited', { email: takenEmail });
}, 60_000);
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

const rows = rowsOf(idFields);
const places = () => Object.values(placesOf(world));
const written = Object.keys(spellings);
const as = (spelling: string, id: string): string => spellings[spelling]?.(id) ?? id;

interface Described {
  schema?: { format?: string; items?: { format?: string } };
  name?: string;
  in?: string;
}

describe('The table of ids', () => {
  it('has every field and filter of openapi.json that takes an id, each once, and no others', () => {
    const ofLocalRuns = ['POST /dev/sign-in user_id', 'POST /dev/sessions user_id'];
    expect([...rows.keys()].sort()).toEqual([...describedIds(), ...ofLocalRuns].sort());
  });

  it('covers every name that looks like an id, unless another service issues it', () => {
    const ofOthers = ['external_id', 'requisition_id', 'package_id', 'case_id', 'client_id'];
    const named = describedFields().filter(({ name }) => /(^|_)ids?$/.test(name) && !ofOthers.includes(name));
    expect(named.filter(({ isId }) => !isId)).toEqual([]);
    expect(named.length).toBeGreaterThan(rows.size);
  });
});

describe('An id in a body or a filter is accepted only if its sender may know it, and in one spelling', () => {
  it.each([...rows])('%s', async (row, cells) => {
    const found: Record<string, string> = {};
    for (const caller of callers) {
      const accepted: PlaceName[] = [];
      for (const place of places()) {
        const cell = { world, people, caller, place };
        const field = row.split(' ')[2] ?? '';
        if ((await tries(row, idIn(field, cell), caller, cell)).accepted) accepted.push(place.name);
      }
      found[caller] = asCell(accepted);
    }
    expect(found).toEqual(cells);
  });

  it.each([...rows.keys()])('%s in any other spelling', async (row) => {
    const field = row.split(' ')[2] ?? '';
    for (const spelling of written) {
      for (const caller of ['admin', 'standard', 'manager', 'outsider'] as const) {
        for (const place of places()) {
          const cell = { world, people, caller, place };
          const { status, accepted } = await tries(row, as(spelling, idIn(field, cell)), caller, cell);
          expect([spelling, caller, place.name, accepted]).toEqual([spelling, caller, place.name, false]);
          expect([200, 401, 403, 404, 422]).toContain(status);
        }
      }
    }
  });

  it('is refused with a message that is the same for a wrong spelling and an unknown id', async () => {
    const { secret } = world.home.places;
    const cell = { world, people, caller: 'standard', place: secret } as const;
    const row = 'POST /ats/v0/applications job_id';
    const known = await tries(row, secret.jobId, 'standard', cell);
    for (const spelling of written) {
      expect((await tries(row, as(spelling, secret.jobId), 'standard', cell)).body).toEqual(known.body);
    }
    expect(known.body).toMatchObject({
      reason: 'unknown_reference',
      errors: { json: { job_id: ['job_id was not found.'] } },
    });
  });
});

describe('An id in a path has one spelling', () => {
  const blocks = [jobRoutes, checkRoutes, teamRoutes].flatMap(blocksOf);
  const routes = blocks.flatMap((block) => block.routes).filter((route) => route.includes('{id}'));
  it.each(routes)('%s', async (route) => {
    for (const name of placeNames) {
      const cell = { world, people, caller: 'admin', place: placesOf(world)[name] } as const;
      const { method, path, body } = await requestFor(route, cell, true);
      const id = /[0-9a-f-]{36}/.exec(path)?.[0] ?? '';
      for (const spelling of written) {
        const elsewhere = path.replace(id, encodeURIComponent(as(spelling, id)));
        const answer = await call<{ reason: string }>(app.url, method, elsewhere, body, {
          authorization: `Bearer ${people.admin.token}`,
        });
        expect([spelling, answer.status, answer.body.reason]).toEqual([spelling, 404, 'not_found']);
      }
    }
  });
});

describe('A line of an import names records by the external ids of the customer', () => {
  it('and finds nothing by our ids, in any spelling', async () => {
    const { own } = world.home.places;
    for (const spelling of ['plain', ...written]) {
      const ids = { candidate: as(spelling, own.candidateId), job: as(spelling, own.jobId) };
      const line = JSON.stringify({ type: 'application', external_id: 'a-1', ...ids });
      const answer = await people.admin.post<string>('/imports', line, { 'content-type': 'application/x-ndjson' });
      expect([spelling, JSON.parse(answer.body)]).toMatchObject([spelling, { status: 'failed', id: null }]);
    }
  });
});

/** `METHOD /path field` of everything that openapi.json marks as an id, in bodies and filters. */
const describedIds = (): string[] =>
  describedFields()
    .filter(({ isId, place }) => isId && place !== 'path')
    .map(({ route, name }) => `${route} ${name}`);

interface Field {
  route: string;
  name: string;
  place: string;
  isId: boolean;
}

/** Every body field, filter and path parameter that a request of openapi.json may have. */
function describedFields(): Field[] {
  const file = join(import.meta.dirname, '..', '..', 'openapi.json');
  const { paths, components } = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Record<string, { parameters?: Described[]; requestBody?: unknown }>>;
    components: { schemas: Record<string, unknown> };
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [], requestBody }]) => {
      const route = `${method.toUpperCase()} ${path}`;
      const inAddress = parameters
        .filter((parameter) => parameter.in !== 'header')
        .map(({ name = '', in: place = '', schema }) => ({ route, name, place, isId: isUuid(schema) }));
      const inBody = fieldsOf(requestBody, components.schemas).map((field) => ({ route, place: 'json', ...field }));
      return [...inAddress, ...inBody];
    }),
  );
}

const isUuid = (schema: Described['schema']): boolean => schema?.format === 'uuid' || schema?.items?.format === 'uuid';

function fieldsOf(node: unknown, schemas: Record<string, unknown>): { name: string; isId: boolean }[] {
  if (typeof node !== 'object' || node === null) return [];
  const { $ref, properties = {} } = node as { $ref?: string; properties?: Record<string, Described['schema']> };
  const referred = $ref === undefined ? [] : fieldsOf(schemas[$ref.split('/').at(-1) ?? ''], schemas);
  const own = Object.entries(properties).map(([name, schema]) => ({ name, isId: isUuid(schema) }));
  return [...own, ...referred, ...Object.values(node).flatMap((child) => fieldsOf(child, schemas))];
}
