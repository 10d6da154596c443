import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { environmentOfOwner } from '../../../../../../test/support/environment.js';
import { eventually } from '../../../../../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../../../../test/support/test-database.js';
import { integrationsSchema } from '../../../adapters/postgres/schema.js';
import { PostgresRejectedSignatures } from '../../../cases/adapters/postgres/postgres-rejected-signatures.js';
import { PostgresCallLog } from '../../../gateway/adapters/postgres/postgres-call-log.js';
import { Connection } from '../../domain/connection.js';
import { Connections } from '../../domain/connections.js';
import { PostgresConnections } from './postgres-connections.js';
import { PostgresPackages } from './postgres-packages.js';
import { PostgresWebhookStatuses } from './postgres-webhook-statuses.js';

const basic = { id: 'p-basic', name: 'Basic', active: true };
const deep = { id: 'p-deep', name: "Deep\n'check'", active: false };

describe('a stored connection', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let connections: Connections;
  let unitOfWork: UnitOfWork;
  let db: Database;

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url));
    module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([integrationsSchema])],
      providers: [
        { provide: Connections, useClass: PostgresConnections },
        PostgresPackages,
        PostgresCallLog,
        PostgresRejectedSignatures,
        PostgresWebhookStatuses,
      ],
    }).compile();
    await module.init();
    connections = module.get(Connections);
    unitOfWork = module.get(UnitOfWork);
    db = module.get(Database);
  });

  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  const aSavedConnection = async (): Promise<Connection> => {
    const now = new Date('2026-11-23T10:00:00.123Z');
    const secret = { sealed: 'k.c2VhbGVk', last4: '9f3a', savedAt: now.toISOString(), savedBy: uuidv7() };
    const connection = new Connection(
      uuidv7(),
      uuidv7(),
      'certn',
      'uk',
      'sandbox',
      secret,
      secret,
      'https://host#1',
      now,
      now,
    );
    await unitOfWork.run(() => connections.add(connection));
    return connection;
  };

  it('is read back as it was saved', async () => {
    const saved = await aSavedConnection();
    const { teamId, id, region, environment: kind, apiKey, webhookSecret, accountKey, createdAt } = saved;
    expect(await connections.currentOf(teamId)).toMatchObject({
      ...{ teamId, id, region, environment: kind, apiKey, webhookSecret, accountKey, createdAt },
      ...{ state: 'enabled', current: true, previousAcceptedUntil: null, host: 'https://host' },
    });
  });

  it('cannot be saved after a concurrent change', async () => {
    const { teamId } = await aSavedConnection();
    const disable = (): Promise<void> =>
      unitOfWork.run(async () => {
        const connection = await connections.currentOf(teamId);
        if (!connection) throw new Error('It is not there.');
        await both();
        connection.disable(new Date());
        await connections.save(connection);
      });
    const both = together(2);
    const outcomes = await Promise.allSettled([disable(), disable()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('can be locked by one transaction per team, while the other waits', async () => {
    const teamId = uuidv7();
    const order: string[] = [];
    const locked = aSignal();
    const released = aSignal();
    const first = unitOfWork.run(async () => {
      await connections.lock(teamId);
      locked.give();
      await released.given;
      order.push('first');
    });
    await locked.given;
    const second = unitOfWork.run(async () => {
      await connections.lock(teamId);
      order.push('second');
    });
    const waiting = sql<{ n: number }>`
      select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`;
    await eventually(
      'the second waits',
      () => db.first(waiting),
      (row) => row?.n === 1,
    );
    released.give();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  it("keeps packages in the vendor's order and replaces the whole list", async () => {
    const connection = await aSavedConnection();
    const packages = module.get(PostgresPackages);
    expect(await packages.lastKnown(connection)).toBeNull();
    await packages.replace(connection, [deep, basic]);
    const known = await packages.lastKnown(connection);
    expect(known?.packages).toEqual([deep, basic]);
    expect(known?.ageSeconds).toBeGreaterThanOrEqual(0);
    expect(known?.ageSeconds).toBeLessThan(20);
    const { fetchedAt } = await packages.replace(connection, []);
    expect(await packages.lastKnown(connection)).toMatchObject({ packages: [], fetchedAt });
  });

  it('does not mix two package lists that arrive at once', async () => {
    const connection = await aSavedConnection();
    const packages = module.get(PostgresPackages);
    await Promise.all(Array.from({ length: 8 }, () => packages.replace(connection, [basic, deep])));
    expect((await packages.lastKnown(connection))?.packages).toEqual([basic, deep]);
  });

  it('keeps its version when a failed call is recorded', async () => {
    const { teamId, id } = await aSavedConnection();
    await module
      .get(PostgresCallLog)
      .failed(teamId, id, { reason: 'timeout', message: 'Certn did not respond in time.' });
    const row = await db.first(sql<{ last_error: unknown; version: number }>`
      select last_error, version from integrations.connection where team_id = ${teamId}`);
    expect(row?.last_error).toMatchObject({ reason: 'timeout', message: 'Certn did not respond in time.' });
    expect((await connections.byId(teamId, id))?.version).toBe(row?.version);
  });

  it('counts refused events for the secret that refused them, not for one that was saved in between', async () => {
    const connection = await aSavedConnection();
    const [rejected, webhookStatuses] = [module.get(PostgresRejectedSignatures), module.get(PostgresWebhookStatuses)];
    const refuseThree = (): void => {
      const { teamId, id, webhookSecret } = connection;
      const owner = {
        teamId,
        orderId: uuidv7(),
        connectionId: id,
        secrets: [{ sealed: webhookSecret.sealed, place: '' }],
      };
      for (let nth = 0; nth < 3; nth += 1) rejected.count(owner);
    };
    refuseThree();
    await unitOfWork.run(async () => {
      const saved = await connections.currentOf(connection.teamId);
      saved?.replaceWebhookSecret({ ...connection.webhookSecret, sealed: 'another' }, new Date(), false);
      if (saved) await connections.save(saved);
      await webhookStatuses.restart(connection);
    });
    await rejected.flush();
    expect(await webhookStatuses.of(connection)).toMatchObject({ state: 'waiting', refused: 0 });
    Object.assign(connection, { webhookSecret: { ...connection.webhookSecret, sealed: 'another' } });
    refuseThree();
    await rejected.flush();
    expect(await webhookStatuses.of(connection)).toMatchObject({ state: 'refused', refused: 3 });
  });

  it('finds the last event', async () => {
    const connection = await aSavedConnection();
    const { teamId, id } = connection;
    const webhookStatuses = module.get(PostgresWebhookStatuses);
    expect(await webhookStatuses.lastEventAt(connection)).toBeNull();
    await db.affected(sql`
      insert into integrations.inbound_event (team_id, id, connection_id, order_id, case_id, event_type, received_at)
      values (${teamId}, ${uuidv7()}, ${id}, ${uuidv7()}, 'case', 'CASE_STATUS_CHANGED', '2026-11-23T10:00:00Z')`);
    expect(await webhookStatuses.lastEventAt(connection)).toEqual(new Date('2026-11-23T10:00:00Z'));
  });
});

function aSignal(): { give: () => void; given: Promise<void> } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { give, given };
}

/** A barrier: each caller waits until `count` callers have arrived. */
function together(count: number): () => Promise<void> {
  const all = aSignal();
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === count) all.give();
    return all.given;
  };
}
