import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, Person } from '../support/people.js';
import { changedAtOnce, statuses, versionedThings } from '../support/versioned-things.js';

const rounds = 25;

describe('Changes of one version, at once and again and again', () => {
  let replicas: RunningApp[];
  let people: Person[];

  beforeAll(async () => {
    const env = { RATE_LIMIT_PER_MINUTE: '1000000', RATE_LIMIT_PER_TEAM_PER_MINUTE: '1000000' };
    const first = await startApp({ env });
    const second = await startApp({ databaseUrl: first.databaseUrl, env: { ...env, ROLE: 'api' } });
    replicas = [second, first];
    const { admin } = await aTeam(first);
    const colleague = await aColleague(admin, 'admin');
    const there = ({ id, token }: Person) => new Person(second.url, id, token);
    people = [admin, colleague, there(admin), there(colleague), admin, colleague];
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.close();
  });

  it.each(versionedThings)(
    'of a $name: on two replicas exactly one succeeds',
    async (thing) => {
      const path = await thing.make(people[0] as Person);
      for (let round = 1; round <= rounds; round += 1)
        expect([round, await changedAtOnce(thing, path, people, round)]).toEqual([
          round,
          [200, 412, 412, 412, 412, 412],
        ]);
    },
    120_000,
  );

  it('beside changes without a condition, nobody overwrites what they have not read', async () => {
    const [admin, ...others] = people as [Person, ...Person[]];
    const thing = versionedThings.find(({ name }) => name === 'candidate') ?? versionedThings[0];
    const path = (await thing?.make(admin)) ?? '';
    const lastName = async () => (await admin.get<{ last_name: string }>(path)).body.last_name;
    for (let round = 0; round < rounds; round += 1) {
      const read = await admin.get<{ last_name: string }>(path);
      const condition = { 'if-match': read.headers.get('etag') ?? '' };
      const [plain, ...careful] = await Promise.all([
        admin.patch(path, { last_name: `Plain ${round}` }),
        ...others.map((person, nth) => person.patch(path, { last_name: `Careful ${round} ${nth}` }, condition)),
      ]);
      expect(plain.status).toBe(200);
      const done = statuses(careful).filter((status) => status === 200).length;
      // A careful change may come before the plain one, which then wins. It never comes after.
      expect([done <= 1, await lastName()]).toEqual([true, `Plain ${round}`]);
    }
  }, 120_000);
});
