import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, UnderscoreNamingStrategy } from '@mikro-orm/postgresql';
import type { ContextSchema } from './context-schema.js';

/** One connection pool per process; sized so that a few replicas fit into a default Postgres. */
const poolSize = 16;

export const migrationTable = 'platform.migration';

/** Every context's migrations, named with the context, so that two may both have a `0001-start`. */
export const migrationsOf = (schemas: ContextSchema[]): ContextSchema['migrations'] =>
  schemas.flatMap((schema) => schema.migrations.map((m) => ({ ...m, name: `${schema.name}/${m.name}` })));

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
    pool: { min: 0, max: poolSize },
    // Reads outside a unit of work go through plain SQL; nothing is kept in the shared identity map.
    allowGlobalContext: true,
    forceUtcTimezone: true,
    // What goes wrong is thrown; the rest would be noise beside the one log of the service.
    logger: () => undefined,
  });
}
