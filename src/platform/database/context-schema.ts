import type { Options } from '@mikro-orm/core';
import type { Migration } from '@mikro-orm/migrations';

type MigrationClass = new (...args: ConstructorParameters<typeof Migration>) => Migration;

/** What a context brings into the database: its mappings, and its migrations, oldest first. */
export interface ContextSchema {
  name: string;
  entities: NonNullable<Options['entities']>[number][];
  migrations: { name: string; class: MigrationClass }[];
}
