import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, UnderscoreNamingStrategy } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { impatience, reclaimDead } from './connections.js';
import type { ContextSchema } from './context-schema.js';
import { type DatabaseShares, defaultShares, lanesFor, poolSizeFor } from './lanes.js';
import { heedScope } from './scoped-statements.js';
import { lendByLane } from './turns.js';

export const migrationTable = 'platform.migration';

/** Every context's migrations, named with the context, so that two may both have a `0001-start`. */
export const migrationsOf = (schemas: ContextSchema[]): ContextSchema['migrations'] =>
  schemas.flatMap((schema) => schema.migrations.map((m) => ({ ...m, name: `${schema.name}/${m.name}` })));

/**
 * For the service and its commands: statements heed the scope of their caller (`scope.ts`), connections are shared by lane.
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

/** Past the wall, with all that the address's own role may do: for migrations. */
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
    // Reads outside a unit of work go through plain SQL; nothing is kept in the shared identity map.
    allowGlobalContext: true,
    forceUtcTimezone: true,
    // What goes wrong is thrown; the rest would be noise beside the one log of the service.
    logger: () => undefined,
  });
}
