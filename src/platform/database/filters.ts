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
  const { created_after, created_before, updated_after, updated_before } = filters;
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  // As we read it: zones that we know and the database does not would be its errors.
  const time = (text: string | undefined) =>
    sql`${text === undefined ? null : new Date(text).toISOString()}::timestamptz`;
  return sql`
    and (${time(created_after)} is null or ${column('created_at')} >= ${time(created_after)})
    and (${time(created_before)} is null or ${column('created_at')} < ${time(created_before)})
    and (${time(updated_after)} is null or ${column('updated_at')} >= ${time(updated_after)})
    and (${time(updated_before)} is null or ${column('updated_at')} < ${time(updated_before)})`;
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
