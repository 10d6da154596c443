import type { Options } from '@mikro-orm/core';
import type { Migration } from '@mikro-orm/migrations';
import type { TableColumns } from '#kernel/personal-data';

type MigrationClass = new (...args: ConstructorParameters<typeof Migration>) => Migration;

/** A context's part of the database: its mappings, and its migrations, oldest first. */
export interface ContextSchema {
  name: string;
  entities: NonNullable<Options['entities']>[number][];
  migrations: { name: string; class: MigrationClass }[];
  /** What each text, JSON and list column holds, by table. */
  columns: Record<string, TableColumns>;
}
