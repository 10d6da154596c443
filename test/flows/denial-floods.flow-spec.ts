import { randomUUID } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, Person } from '../support/people.js';

interface Entry {
  action: string;
  entity: string;
  outcome: string;
  to: { reason: string; attempts?: number; routes?: Record<string, number> };
}

const attempts = 150;
const oneByOne = 60;

describe('a flood of refused attempts', () => {
  let app: RunningApp;
  let admin: Person;
  beforeAll(async () => {
    app = await startApp();
    ({ admin } = await aTeam(app));
  });
  afterAll(() => app?.close());

  it('writes sixty audit entries a minute and one that counts the rest; none is lost at a stop [G9]', async () => {
    const person = await aColleague(admin, 'standard');
    const other = await startApp({ databaseUrl: app.databaseUrl, env: { ROLE: 'api' } });
    const there = new Person(other.url, person.id, person.token);
    for (let i = 0; i < attempts; i += 1) {
      const path = i % 3 === 0 ? `/jobs/${randomUUID()}` : `/candidates/${randomUUID()}`;
      expect((await there.get(path)).status).toBe(404);
    }
    const entries = async (): Promise<Entry[]> =>
      (await admin.get<Entry[]>(`/audit_log?actor_id=${person.id}&per_page=500`)).body;
    expect(await entries()).toHaveLength(oneByOne);
    await other.close();
    const [summary, ...single] = await entries();
    expect(single.map(({ to }) => to.reason)).toEqual(Array.from({ length: oneByOne }, () => 'not_found'));
    expect(summary).toMatchObject({
      action: 'access.attempt',
      entity: 'team',
      outcome: 'refused',
      to: {
        reason: 'too_many_attempts',
        attempts: attempts - oneByOne,
        routes: { 'GET /ats/v0/jobs/:id': 30, 'GET /ats/v0/candidates/:id': 60 },
      },
    });
  });

  it('is summed up per person: denials of other people keep their own entries meanwhile', async () => {
    const [loud, quiet] = [await aColleague(admin, 'standard'), await aColleague(admin, 'standard')];
    for (let i = 0; i < oneByOne + 5; i += 1) await loud.get(`/jobs/${randomUUID()}`);
    const id = randomUUID();
    await quiet.get(`/jobs/${id}`);
    const entries = (await admin.get<Entry[]>(`/audit_log?entity_id=${id}`)).body;
    expect(entries).toHaveLength(1);
  });
});
