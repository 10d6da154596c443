import pg from 'pg';
import { freePort } from '../../scripts/free-port.js';
import { migrate } from '../../src/commands/migrate.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { Service } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Roles belong to the whole server, so their names contain this run. */
const stranger = `stranger_${process.pid}`;

describe('the database role of the service', () => {
  let database: TestDatabase;
  let provider: IdentityProvider;
  let owner: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    provider = await startIdentityProvider();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`create role ${stranger} login password 'stranger'`);
    await owner.query(`grant usage on schema platform to ${stranger}`);
    await owner.query(`grant select on platform.migration to ${stranger}`);
  });
  afterAll(async () => {
    await owner?.query(`drop owned by ${stranger}`);
    await owner?.query(`drop role ${stranger}`);
    await owner?.end();
    provider?.close();
    await database?.drop();
  });

  const asStranger = (): string => {
    const url = new URL(database.url);
    Object.assign(url, { username: stranger, password: 'stranger' });
    return url.href;
  };
  async function refused(databaseUrl: string, env: Record<string, string>): Promise<string[]> {
    const service = Service.spawn(database.url, await freePort(), { DATABASE_URL: databaseUrl, ...env });
    expect(await service.ended).toBe(1);
    return service.said;
  }
  const production = (): Record<string, string> => ({ NODE_ENV: 'production', LOCAL_RUN: 'false', ...provider.env });

  it('must be bound by row-level security in production', async () => {
    const said = await refused(database.url, production());
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/is bound by no row level security, so nothing in the database keeps teams apart: give /);
  }, 60_000);

  it('must not own the tables in production', async () => {
    await owner.query(`alter table hiring.job owner to ${stranger}`);
    await owner.query(`grant ats_service to ${stranger}`);
    await owner.query(`grant ats_across_teams_gate to ${stranger}`);
    try {
      const said = await refused(asStranger(), production());
      expect(said[0]).toMatch(/owns the tables, so nothing in the database keeps teams apart: give /);
    } finally {
      await owner.query(`alter table hiring.job owner to current_user`);
    }
  }, 60_000);

  it('must not have permanent access to all teams in production', async () => {
    await owner.query(`grant ats_service to ${stranger}`);
    await owner.query(`grant ats_across_teams to ${stranger}`);
    const said = await refused(asStranger(), production());
    expect(said[0]).toMatch(/always sees all teams, so nothing in the database keeps teams apart: give /);
  }, 60_000);

  it('needs a migration that grants it access', async () => {
    await owner.query(`revoke ats_service, ats_across_teams, ats_across_teams_gate from ${stranger}`);
    const said = await refused(asStranger(), {});
    expect(said[0]).toMatch(
      /may not do the service's work: run "npm run migrate" with the owner's address in MIGRATION_/,
    );
  }, 60_000);

  it('gets access from a migration, which can be repeated, and can then serve', async () => {
    await migrate(database.url, asStranger());
    await migrate(database.url, asStranger());
    const service = await Service.start(database.url, await freePort(), { DATABASE_URL: asStranger() });
    await service.stop();
  }, 60_000);
});
