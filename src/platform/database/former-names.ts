import pg from 'pg';

/** A table that gets a better name, and what an older release calls it. */
export interface RenamedTable {
  schema: string;
  from: string;
  to: string;
  /** The columns in the order of the table; `new=old` where the column gets a new name, too. */
  columns: string;
  /** Names of indexes that an older release reads in an error, and that therefore stay. */
  keptIndexes?: string[];
  /** Whether an older release deletes rows by their `ctid`, as `old-rows.ts` does. */
  byPlace?: boolean;
}

const name = pg.escapeIdentifier;
const text = pg.escapeLiteral;
/** Together about a minute: longer than any statement of the service may take (`lanes.ts`). */
const mostTries = 120;

/**
 * The statements that rename tables while an older release runs. Under each old name they leave a view with the old columns, through
 * which the older release goes on reading and writing. Postgres does so by itself, including `on conflict`, `for update` and
 * `returning`. A later migration drops the views.
 *
 * - The views are granted to everybody, because `migrate` of an older release takes from the service's roles the right to write to
 *   views. This gives nobody a right: the reader's own rights on the table and its row level security decide (`security_invoker`).
 * - A statement that a connection prepared before goes on: Postgres reads the name again and finds the view.
 * - Indexes get the new name, too, except those that an older release knows.
 */
export function renameTables(tables: RenamedTable[]): string[] {
  return [lockTables(tables.map(({ schema, from }) => `${name(schema)}.${name(from)}`)), ...tables.flatMap(renamed)];
}

/**
 * The statement that locks tables for a migration, those that exist. Takes all locks at once, because two transactions that lock one
 * after another can block each other. Waits only briefly for them, as all work on the tables queues behind the wait, and tries again.
 * All pending migrations are one transaction and keep their locks until its end: the first one locks what all of them change.
 */
export const lockTables = (tables: string[]): string => `
  do $$ declare
    present text := (select string_agg(one, ', ') from unnest(array[${tables.map(text).join()}]) one where to_regclass(one) is not null);
  begin
    if present is null then return; end if;
    for try in 1..${mostTries} loop
      begin
        set local lock_timeout = '300ms';
        execute 'lock table ' || present || ' in access exclusive mode';
        set local lock_timeout to default;
        return;
      exception when lock_not_available or deadlock_detected then
        if try = ${mostTries} then raise; end if;
        perform pg_sleep(0.1 + 0.2 * random());
      end;
    end loop;
  end $$`;

function renamed({ schema, from, to, columns, keptIndexes = [], byPlace = false }: RenamedTable): string[] {
  const [former, table] = [from, to].map((own) => `${name(schema)}.${name(own)}`);
  const pairs = columns.split(/\s+/).map((column) => column.split('='));
  const shown = pairs.map(([now = '', before]) => (before ? `${name(now)} as ${name(before)}` : name(now)));
  if (byPlace) shown.push('ctid');
  return [
    `alter table ${former} rename to ${name(to)}`,
    ...pairs.flatMap(([now = '', before]) =>
      before ? [`alter table ${table} rename column ${name(before)} to ${name(now)}`] : [],
    ),
    `do $$ declare one record; begin
      for one in
        select format('%I.%I', ${text(schema)}, c.relname) as index, ${text(to)} || substr(c.relname, ${from.length + 1}) as name
        from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid = ${text(table ?? '')}::regclass and starts_with(c.relname, ${text(`${from}_`)})
          and c.relname <> all(array[${keptIndexes.map(text).join()}]::text[])
      loop
        execute format('alter index %s rename to %I', one.index, one.name);
      end loop;
    end $$`,
    `create view ${former} with (security_invoker = true) as select ${shown.join(', ')} from ${table}`,
    `grant select, insert, update, delete on ${former} to public`,
  ];
}
