import { randomUUID } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague } from '../support/people.js';
import { type CallerName, type Callers, invite } from '../support/rights/callers.js';
import { idFields, idIn, takenEmail, tries } from '../support/rights/ids.js';
import { rowsOf } from '../support/rights/table.js';
import { aWorld, placesOf, type World } from '../support/rights/world.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';

let app: RunningApp;
let sandbox: Sandbox;
let world: World;
let people: Callers;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  world = await aWorld(app, sandbox);
  people = await invite(app, world);
  await aColleague(people.admin, 'limited', { email: takenEmail });
}, 60_000);
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

const rows = rowsOf(idFields);

describe('An id that its sender may not know is audited', () => {
  // Before sign-in there is no team whose log could record it. An audit entry can be about any kind of entity, so its filter
  // names no single kind.
  const unaudited = [
    'POST /dev/sign-in user_id',
    'POST /dev/sessions user_id',
    'POST /auth/teams team_id',
    'GET /ats/v0/audit_log entity_id',
  ];
  const audited = [...rows].filter(([row]) => !unaudited.includes(row));

  it.each(audited)('%s', async (row, cells) => {
    const field = row.split(' ')[2] ?? '';
    const asking: CallerName[] = ['standard', 'manager', 'admin'];
    const caller = asking.find((name) => cells[name] !== '-') ?? 'admin';
    // Every user of the team is known to the others, whatever jobs they see.
    const hidden = caller === 'standard' && !cells.standard.includes('s');
    const place = placesOf(world)[hidden ? 'secret' : 'foreign'];
    const cell = { world, people, caller, place };
    const id = idIn(field, cell);
    const before = await attemptsOn(id);
    const { status } = await tries(row, id, caller, cell);
    const after = await attemptsOn(id);
    expect(after.slice(0, after.length - before.length)).toEqual([
      expect.objectContaining({
        entity: entityOf[field],
        outcome: 'refused',
        actor: expect.objectContaining({ id: people[caller].id }),
        to: { reason: 'not_found', method: row.split(' ')[0], route: expect.any(String) },
      }),
    ]);
    expect(status).toBe(row.startsWith('GET') ? 200 : 422);
  });

  it('is also audited where it may be seen but not used', async () => {
    const { own } = world.home.places;
    await people.viewer.post('/applications', { candidate_id: own.candidateId, job_id: own.jobId });
    expect(await attemptsOn(own.jobId)).toMatchObject([
      { entity: 'job', actor: { id: people.viewer.id }, to: { reason: 'not_allowed' } },
    ]);
  });

  it('writes at most ten entries for one request', async () => {
    const seen = Array.from({ length: 10 }, () => world.home.places.own.jobId);
    const ids = [...seen, ...Array.from({ length: 30 }, () => randomUUID())];
    const query = new URLSearchParams(ids.map((id): [string, string] => ['job_id', id]));
    const count = async () => Number((await people.admin.get('/audit_log')).headers.get('x-total-count'));
    const before = await count();
    await people.standard.get(`/applications?${query.toString()}`);
    expect(await count()).toBe(before + 10);
  });
});

const entityOf: Record<string, string> = {
  job_id: 'job',
  candidate_id: 'candidate',
  linked_candidate_ids: 'candidate',
  application_id: 'application',
  stage_id: 'stage',
  job_stage_item_id: 'item',
  background_check_id: 'background_check',
  user_id: 'user',
  assignee_id: 'user',
  actor_id: 'user',
  event_id: 'event',
};

const attemptsOn = async (id: string): Promise<object[]> =>
  (await people.admin.get<object[]>(`/audit_log?action=access.attempt&entity_id=${id}`)).body;
