import { type RawBuilder, sql } from 'kysely';
import { validate } from 'uuid';

/** The filters of every list, as far as they become SQL. Structurally the query that controllers validate. */
export interface TimeFilters {
  created_after?: string;
  created_before?: string;
  updated_after?: string;
  updated_before?: string;
  include_deleted?: boolean;
}

/** `and …` for the times and deletion of one table (named by its alias). */
export function timesWithin(alias: string, filters: TimeFilters): RawBuilder<unknown> {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  return sql`
    and (${filters.created_after ?? null}::timestamptz is null or ${column('created_at')} >= ${filters.created_after ?? null}::timestamptz)
    and (${filters.created_before ?? null}::timestamptz is null or ${column('created_at')} < ${filters.created_before ?? null}::timestamptz)
    and (${filters.updated_after ?? null}::timestamptz is null or ${column('updated_at')} >= ${filters.updated_after ?? null}::timestamptz)
    and (${filters.updated_before ?? null}::timestamptz is null or ${column('updated_at')} < ${filters.updated_before ?? null}::timestamptz)`;
}

/** `and column = any(values)` when there are values; ids that are no ids match nothing. */
export function anyOf(
  column: string,
  values: string[] | undefined,
  type: 'uuid' | 'text' = 'text',
): RawBuilder<unknown> {
  if (values === undefined) return sql``;
  const usable = type === 'uuid' ? values.filter((value) => validate(value)) : values;
  return type === 'uuid'
    ? sql`and ${sql.ref(column)} = any(${usable}::uuid[])`
    : sql`and ${sql.ref(column)} = any(${usable}::text[])`;
}

/** Whether a string can be an id at all: asking Postgres with another would be an error instead of a 404. */
export const isId = (text: string): boolean => validate(text);
