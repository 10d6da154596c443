import { type RawBuilder, sql } from 'kysely';
import type { Id } from '#kernel/id';
import { storableText } from '#kernel/storable-text';

/** The filters that every list has in SQL. Has the same shape as the query that controllers validate. */
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

/** `and column = any(values)` when there are values; an empty list, and texts that no row can hold, match nothing. */
export function anyOf(column: string, values: string[] | undefined): RawBuilder<unknown> {
  if (values === undefined) return sql``;
  return sql`and ${sql.ref(column)} = any(${values.filter((value) => storableText.test(value))}::text[])`;
}

/** As `anyOf`, for a column of ids. */
export function anyIdOf(column: string, ids: Id[] | undefined): RawBuilder<unknown> {
  return ids === undefined ? sql`` : sql`and ${sql.ref(column)} = any(${ids}::uuid[])`;
}
