import { type RawBuilder, sql } from 'kysely';
import { anyOf } from '#platform/database/filters';
import { searchable } from '#kernel/search-text';

/** An `and …` condition: the stored search text contains one of the texts. */
export function containing(column: string, texts: string[] | undefined): RawBuilder<unknown> {
  if (texts === undefined) return sql``;
  const patterns = texts.map((text) => `%${searchable(text.trim()).replace(/[\\%_]/g, '\\$&')}%`);
  return sql`and ${sql.ref(column)} like any(${patterns}::text[])`;
}

/** An `and …` condition: the record has one of these ids in another system. Ids are stored without spaces around them. */
export const externalIdOf = (column: string, ids: string[] | undefined): RawBuilder<unknown> =>
  anyOf(
    column,
    ids?.map((id) => id.trim()),
  );
