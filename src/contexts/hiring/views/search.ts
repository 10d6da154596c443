import { type RawBuilder, sql } from 'kysely';
import { searchable } from '#kernel/search-text';

/** `and …` for rows whose stored search text has one of the texts anywhere in it. */
export function containing(column: string, texts: string[] | undefined): RawBuilder<unknown> {
  if (texts === undefined) return sql``;
  const patterns = texts.map((text) => `%${searchable(text.trim()).replace(/[\\%_]/g, '\\$&')}%`);
  return sql`and ${sql.ref(column)} like any(${patterns}::text[])`;
}
