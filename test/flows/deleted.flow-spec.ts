import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, call } from '../support/people.js';
import { aCandidate, aJob, anApplication, aStage } from '../support/fixtures.js';

interface Document {
  components: { schemas: Record<string, { properties?: Record<string, { description?: string; format?: string }> }> };
  paths: Record<string, Record<string, { parameters?: { name: string; description?: string }[] }>>;
}

describe('A deleted record', () => {
  let app: RunningApp;
  let document: Document;
  beforeAll(async () => {
    app = await startApp();
    document = (await call<Document>(app.url, 'GET', '/openapi.json')).body;
  });
  afterAll(() => app?.close());

  it('has a deletion time only where records can be deleted; elsewhere the contract says that there is none', () => {
    const dated = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) => {
      const field = properties['deleted_at'];
      return field ? [{ name, never: field.description?.startsWith('Always null') ?? false, time: field.format }] : [];
    });
    const never = dated.filter((one) => one.never).map(({ name }) => name);
    expect(never.sort()).toEqual(['ApplicationResponse', 'CandidateResponse', 'JobResponse']);
    expect(
      dated.filter((one) => !one.never).every(({ name, time }) => /Stage|Item|ServiceAccount/.test(name) && time),
    ).toBe(true);
  });

  it('is listed with include_deleted, which every list documents', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      (methods['get']?.parameters ?? [])
        .filter(({ name }) => name === 'include_deleted')
        .map(({ description }) => [path, description] as const),
    );
    expect(described.length).toBeGreaterThan(5);
    expect(described.filter(([, description]) => !/stages.*activities.*users/i.test(description ?? ''))).toEqual([]);
  });

  it.each(['jobs', 'candidates', 'applications'])(
    'does not exist among %s, whatever an old column says',
    async (list) => {
      const { admin } = await aTeam(app);
      const jobId = await aJob(admin);
      await aStage(admin, jobId, 'Screen');
      await anApplication(admin, await aCandidate(admin), jobId);
      const database = new pg.Client({ connectionString: app.databaseUrl });
      await database.connect();
      await database.query(`update hiring.${list.slice(0, -1)} set deleted_at = now()`);
      await database.end();
      const [without, including] = [await admin.get(`/${list}`), await admin.get(`/${list}?include_deleted=true`)];
      expect(without.body).not.toEqual([]);
      expect(without.body).toEqual(including.body);
      expect(without.body).toMatchObject([{ deleted_at: null }]);
    },
  );
});
