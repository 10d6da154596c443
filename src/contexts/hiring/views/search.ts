import { type RawBuilder, sql } from 'kysely';
import { searchable } from '#kernel/search-text';

/** An `and …` condition: the stored search text contains one of the texts. */
export function containing(column: string, texts: string[] | undefined): RawBuilder<unknown> {
  if (texts === undefined) return sql``;
  const patterns = texts.map((text) => `%${searchable(text.trim()).replace(/[\\%_]/g, '\\$&')}%`);
  return sql`and ${sql.ref(column)} like any(${patterns}::text[])`;
}
