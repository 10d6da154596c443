import { type RawBuilder, sql } from 'kysely';
import { countCap, type Page, type Paging } from '../http/paging.js';
import type { Database } from './database.js';

/** A list in SQL. */
export interface List<Row, Item> {
  columns: RawBuilder<unknown>;
  /** `from … where …`. */
  found: RawBuilder<unknown>;
  /** Ends with an id, so that rows with the same time have one order. */
  order: RawBuilder<unknown>;
  /** The same rows as `found`, where they can be counted with fewer joins. */
  counted?: RawBuilder<unknown>;
  shown: (row: Row) => Item;
}

/**
 * One page of a list, and how many rows there are, counted up to `countCap + 1`. A page that is not full is the last one, so that
 * nothing has to be counted.
 */
export async function pageOf<Row extends object, Item>(
  database: Database,
  { page, per_page: limit }: Paging,
  { columns, found, order, counted = found, shown }: List<Row, Item>,
): Promise<Page<Item>> {
  const offset = (page - 1) * limit;
  const rows = await database.rows(sql<Row>`
    select ${columns} ${found} order by ${order} limit ${limit} offset ${offset}`);
  const items = rows.map(shown);
  const isLast = rows.length < limit && (rows.length > 0 || offset === 0);
  if (isLast) return { items, total: offset + rows.length };
  const count = await database.first(sql<{ total: number }>`
    select count(*)::int as total from (select 1 ${counted} limit ${countCap + 1}) counted`);
  return { items, total: count?.total ?? 0 };
}
