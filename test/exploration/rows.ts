import { sql } from 'kysely';
import type { Database } from '#platform/database/database';
import { freeze, type Json, revive } from './values.js';

export type Tables = Record<string, Json[]>;
/** For this long, written rows count as unchanged in age. */
const freshMs = 1000;

/** The rows of the integrations context that belong to a team, by table. */
export class Rows {
  /** The rows that the explorer wrote, and when. */
  private readonly present = new Map<string, { rows: string; since: number }>();

  private constructor(
    private readonly database: Database,
    readonly tables: string[],
  ) {}

  static async of(database: Database): Promise<Rows> {
    const found = await database.rows(sql<{ table_name: string }>`
      select c.table_name from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where table_schema = 'integrations' and column_name = 'team_id' and table_type = 'BASE TABLE' order by 1`);
    const tables = found.map((row) => row.table_name);
    const restore = tables.map(
      (table) => `
        if rows ? '${table}' then
          delete from integrations.${table};
          insert into integrations.${table}
            select * from jsonb_populate_recordset(null::integrations.${table}, rows->'${table}');
        end if;`,
    );
    await database.rows(sql`
      create or replace function exploration_restore(rows jsonb) returns void language plpgsql as
      ${sql.lit(`begin ${restore.join('')} end`)}`);
    return new Rows(database, tables);
  }

  namedIn(statement: string): string[] {
    return this.tables.filter((table) => new RegExp(`integrations\\.${table}\\b`).test(statement));
  }

  async read(tables: string[]): Promise<Tables> {
    const each = tables.map(
      (table) =>
        sql`${sql.lit(table)}, (select coalesce(jsonb_agg(to_jsonb(t)), '[]') from ${sql.table(`integrations.${table}`)} t)`,
    );
    const found = await this.database.rows(sql<{ rows: Json }>`
      select jsonb_strip_nulls(jsonb_build_object(${sql.join(each)})) as rows`);
    const rows = freeze(found[0]?.rows ?? {}, Date.now()) as Tables;
    for (const [table, some] of Object.entries(rows)) {
      // Postgres returns rows in the order of their last write.
      some.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      this.present.delete(table);
    }
    return rows;
  }

  /** Restores the rows that `read` returned, with their ages. Skips tables that already hold them. */
  async write(wanted: Tables): Promise<void> {
    const now = Date.now();
    const other = Object.entries(wanted).filter(([table, rows]) => {
      const present = this.present.get(table);
      return !present || now - present.since > freshMs || present.rows !== JSON.stringify(rows);
    });
    if (other.length === 0) return;
    const rows = JSON.stringify(revive(Object.fromEntries(other), now));
    await this.database.rows(sql`select exploration_restore(${rows}::jsonb)`);
    for (const [table, some] of other) this.present.set(table, { rows: JSON.stringify(some), since: now });
  }
}

export interface OrderRow {
  id: string;
  state: string;
  attempt: number;
  do_not_send: boolean;
  reconciliations: number;
  case_id?: string;
  waiting_for?: string;
  deadline?: { $at: number };
  visible_at?: { $at: number };
  reconcile_at?: { $at: number };
}

export function orderOf(rows: Json, id: string): OrderRow | null {
  const { order: orders = [] } = rows as unknown as { order?: OrderRow[] };
  return orders.find((order) => order.id === id) ?? null;
}
