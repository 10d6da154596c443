import type { EntitySchema } from '@mikro-orm/core';
import type { Migration } from '@mikro-orm/migrations';

type MigrationClass = new (...args: ConstructorParameters<typeof Migration>) => Migration;

/** What a context brings into the database: its mappings, and its migrations, oldest first. */
export interface ContextSchema {
  name: string;
  // The entity type is of no interest to the list that holds them all.
  entities: EntitySchema<never>[];
  migrations: { name: string; class: MigrationClass }[];
}
