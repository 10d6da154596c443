import { type RawBuilder, sql } from 'kysely';
import { invalidCursor } from '../http/cursors.js';
import { countCap, type Page, type Paging } from '../http/paging.js';
import type { Database } from './database.js';

/** A column that a list is sorted by, as `alias.column`. It is never null, and keeps its value while an entry stays in the list. */
interface SortKey {
  column: string;
  type: 'time' | 'id';
}

/** The last key is an id, so that every entry has a place of its own. */
export interface Order {
  keys: SortKey[];
  direction: 'asc' | 'desc';
}

/** By a time and an id: `sorted('desc', 'c.created_at', 'c.id')`. */
export const sorted = (direction: Order['direction'], time: string, id: string): Order => ({
  keys: [
    { column: time, type: 'time' },
    { column: id, type: 'id' },
  ],
  direction,
});

/** A list in SQL. */
export interface List<Row, Item> {
  columns: RawBuilder<unknown>;
  /** `from … where …`. */
  found: RawBuilder<unknown>;
  order: Order;
  /** The same rows as `found`, where they can be counted with fewer joins. */
  counted?: RawBuilder<unknown>;
  shown: (row: Row) => Item;
}

/** As a cursor holds it, and as it is compared. Times are microseconds: those of the database are finer than those of JavaScript. */
const types: Record<
  SortKey['type'],
  { form: RegExp; read: (column: string) => unknown; write: (value: string) => unknown }
> = {
  time: {
    form: /^\d{1,16}$/,
    read: (column) => sql`(extract(epoch from ${sql.ref(column)}) * 1000000)::bigint::text`,
    write: (value) => sql`(timestamptz 'epoch' + ${value}::bigint * interval '1 microsecond')`,
  },
  id: {
    form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    read: (column) => sql`${sql.ref(column)}::text`,
    write: (value) => sql`${value}::uuid`,
  },
};

/**
 * One page of a list. Read by pages: with the number of rows, counted up to `countCap + 1`; a page that is not full is the last one,
 * so that nothing has to be counted. Read by cursors: with the place of the last row, from which the database reads on.
 */
export async function pageOf<Row extends object, Item>(
  database: Database,
  paging: Paging,
  list: List<Row, Item>,
): Promise<Page<Item>> {
  return paging.after ? pageAfter(database, paging.per_page, paging.after, list) : numberedPage(database, paging, list);
}

async function numberedPage<Row extends object, Item>(
  database: Database,
  { page, per_page: limit }: Paging,
  { columns, found, order, counted = found, shown }: List<Row, Item>,
): Promise<Page<Item>> {
  const offset = (page - 1) * limit;
  const rows = await database.rows(sql<Row>`
    select ${columns} ${found} ${orderBy(order)} limit ${limit} offset ${offset}`);
  const items = rows.map(shown);
  const isLast = rows.length < limit && (rows.length > 0 || offset === 0);
  if (isLast) return { items, total: offset + rows.length };
  const count = await database.first(sql<{ total: number }>`
    select count(*)::int as total from (select 1 ${counted} limit ${countCap + 1}) counted`);
  return { items, total: count?.total ?? 0 };
}

async function pageAfter<Row extends object, Item>(
  database: Database,
  limit: number,
  after: readonly string[],
  { columns, found, order, shown }: List<Row, Item>,
): Promise<Page<Item>> {
  const place = order.keys.map(({ column, type }) => types[type].read(column));
  const rows = await database.rows(sql<Row & { place: string[] }>`
    select ${columns}, array[${sql.join(place)}] as place ${found} ${beyond(order, after)} ${orderBy(order)} limit ${limit + 1}`);
  const onPage = rows.slice(0, limit);
  const items = onPage.map(({ place: _, ...row }) => shown(row as unknown as Row));
  return { items, next: rows.length > limit ? (onPage.at(-1)?.place ?? null) : null };
}

const orderBy = ({ keys, direction }: Order): RawBuilder<unknown> =>
  sql`order by ${sql.join(keys.map(({ column }) => sql`${sql.ref(column)} ${sql.raw(direction)}`))}`;

/** `and …`: the rows behind a place. A comparison of rows, because that is what an index finds. Throws `invalid_cursor`. */
function beyond({ keys, direction }: Order, after: readonly string[]): RawBuilder<unknown> {
  if (after.length === 0) return sql``;
  const fits = after.length === keys.length && keys.every(({ type }, nth) => types[type].form.test(after[nth] ?? ''));
  if (!fits) throw invalidCursor();
  const columns = keys.map(({ column }) => sql.ref(column));
  const values = keys.map(({ type }, nth) => types[type].write(after[nth] ?? ''));
  return sql`and (${sql.join(columns)}) ${sql.raw(direction === 'asc' ? '>' : '<')} (${sql.join(values)})`;
}
