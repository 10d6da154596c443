import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, type Person } from '../support/people.js';

let app: RunningApp;
let admin: Person;
let colleague: Person;
beforeAll(async () => {
  app = await startApp();
  ({ admin } = await aTeam(app));
  colleague = await aColleague(admin, 'standard', { name: 'Grace Hopper', external_id: 'sub-grace' });
});
afterAll(() => app?.close());

interface Shown {
  id: string;
  name: string;
  email: string | null;
  external_id: string | null;
}

async function sightOf(person: Person, id: string): Promise<Pick<Shown, 'name' | 'email' | 'external_id'>[]> {
  const one = (await person.get<Shown>(`/users/${id}`)).body;
  const listed = (await person.get<Shown[]>('/users')).body.find((user) => user.id === id);
  return [one, listed].map((user) => ({
    name: user?.name ?? '',
    email: user?.email ?? null,
    external_id: user?.external_id ?? null,
  }));
}

describe('What users read about their colleagues', () => {
  it.each(['restricted', 'limited'] as const)('is the name, for a %s user', async (level) => {
    const person = await aColleague(admin, level, { external_id: `sub-${level}` });
    const namesOnly = { name: 'Grace Hopper', email: null, external_id: null };
    expect(await sightOf(person, colleague.id)).toEqual([namesOnly, namesOnly]);
    const answers = [await person.get('/users'), await person.get(`/users/${colleague.id}`), await person.get('/me')];
    const strangers = JSON.stringify(answers.map(({ body }) => body)).match(/"[^"]+@example\.org"|"sub-[^"]+"/g) ?? [];
    const own = (await sightOf(person, person.id))[0];
    expect(own).toEqual({ name: `A ${level}`, email: expect.any(String), external_id: `sub-${level}` });
    expect([...new Set(strangers)].sort()).toEqual([`"${own?.email}"`, `"${own?.external_id}"`].sort());
  });

  it.each(['standard', 'admin'] as const)('is also the address, for a %s user', async (level) => {
    const person = await aColleague(admin, level);
    const whole = { name: 'Grace Hopper', email: expect.stringMatching(/@example\.org$/), external_id: 'sub-grace' };
    expect(await sightOf(person, colleague.id)).toEqual([whole, whole]);
  });
});
