import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, UnderscoreNamingStrategy } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { impatience, reclaimDead } from './connections.js';
import type { ContextSchema } from './context-schema.js';
import { type DatabaseShares, defaultShares, lanesFor, poolSizeFor } from './lanes.js';
import { heedScope } from './scoped-statements.js';
import { lendByLane } from './turns.js';

export const migrationTable = 'platform.migration';

/** Every context's migrations, prefixed with the context's name, so that two contexts can both have a `0001-start`. */
export const migrationsOf = (schemas: ContextSchema[]): ContextSchema['migrations'] =>
  schemas.flatMap((schema) => schema.migrations.map((m) => ({ ...m, name: `${schema.name}/${m.name}` })));

/**
 * For the service and its commands: statements follow the scope of their caller (`scope.ts`), and connections are shared by lane.
 * Not for migrations.
 */
export function scopedOrmOptions(
  databaseUrl: string,
  schemas: ContextSchema[],
  shares: DatabaseShares = defaultShares,
): ReturnType<typeof defineConfig> {
  const lanes = lanesFor(shares);
  const onPoolCreated = (pool: Pool): void => {
    reclaimDead(pool);
    heedScope(pool, lanes);
    lendByLane(pool, lanes);
  };
  return {
    ...ormOptions(databaseUrl, schemas),
    pool: { min: 0, max: poolSizeFor(lanes) },
    driverOptions: { ...impatience, application_name: 'service', onPoolCreated },
  };
}

/** For migrations: without scopes, with all rights of the role in the address. */
export function ormOptions(databaseUrl: string, schemas: ContextSchema[]): ReturnType<typeof defineConfig> {
  return defineConfig({
    clientUrl: databaseUrl,
    entities: schemas.flatMap((schema) => schema.entities),
    discovery: { warnWhenNoEntities: false },
    namingStrategy: UnderscoreNamingStrategy,
    extensions: [Migrator],
    migrations: {
      tableName: migrationTable,
      migrationsList: migrationsOf(schemas),
      allOrNothing: true,
      snapshot: false,
    },
    // Reads outside a unit of work use plain SQL; the shared identity map stays empty.
    allowGlobalContext: true,
    forceUtcTimezone: true,
    // Errors are thrown. The ORM's own log lines would only add noise to the service's log.
    logger: () => undefined,
  });
}
