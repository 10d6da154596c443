import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { anyIdOf, anyOf, timesWithin, type TimeFilters } from '#platform/database/filters';
import { isoTime } from '#platform/database/times';
import { countCap, type Page, type Paging, window } from '#platform/http/paging';

export interface AuditView {
  id: string;
  at: string;
  actor: { id: string; name: string } | null;
  action: string;
  entity: string;
  entity_id: string;
  outcome: 'done' | 'refused';
  from: Record<string, unknown>;
  to: Record<string, unknown>;
  /** It is about a check of the reader's own: `from` and `to` are empty. */
  withheld: boolean;
  ip: string | null;
}

export interface AuditFilters extends TimeFilters {
  entity?: string[];
  entity_id?: Id[];
  actor_id?: Id[];
  action?: string[];
}

/** How many lines are in memory at a time while all of them are read. */
const batch = 500;

/** Where a reading goes on: the last line's time, to the microsecond, and its id. */
type Place = { at: string; id: string } | null;

/** Who did what, newest first. What an entry says about a check of the reader's own is withheld; the entry is not. */
@Injectable()
export class AuditLog {
  constructor(private readonly database: Database) {}

  async list(caller: Caller, filters: AuditFilters & Paging): Promise<Page<AuditView>> {
    const found = entries(caller, filters);
    const { limit, offset } = window(filters);
    const items = await this.database.rows(sql<AuditView>`
      select ${columns} ${found} order by e.at desc, e.id desc limit ${limit} offset ${offset}`);
    const counted = await this.database.first(sql<{ total: number }>`
      select count(*)::int as total from (select 1 ${found} limit ${countCap + 1}) counted`);
    return { items: items.map(shown), total: counted?.total ?? 0 };
  }

  /**
   * Every line that fits, however many: read as fast as they are taken, with the rights at that moment. What is written meanwhile
   * is not among them.
   */
  async *all(whoNow: () => Promise<Caller>, filters: AuditFilters): AsyncGenerator<AuditView> {
    let place: Place = null;
    do {
      const found = entries(await whoNow(), filters);
      const rows: (AuditView & { place: string })[] = await this.after(place, found);
      for (const { place: _, ...row } of rows) yield shown(row);
      const last = rows.length < batch ? undefined : rows.at(-1);
      place = last ? { at: last.place, id: last.id } : null;
    } while (place);
  }

  private after(place: Place, found: RawBuilder<unknown>): Promise<(AuditView & { place: string })[]> {
    const further = place ? sql`and (e.at, e.id) < (${place.at}::timestamptz, ${place.id}::uuid)` : sql``;
    return this.database.rows(sql<AuditView & { place: string }>`
      select ${columns}, e.at::text as place ${found} ${further} order by e.at desc, e.id desc limit ${batch}`);
  }
}

/** What is about the reader's own check is an entry like any other; what it says stays hidden from them. */
const columns = sql`e.id, e.at, e.action, e.entity, e.entity_id, e.outcome, e.ip, o.withheld,
  case when o.withheld then '{}' else e.before end as "from", case when o.withheld then '{}' else e.after end as "to",
  case when e.actor_id is not null then json_build_object('id', e.actor_id, 'name', u.name) end as actor`;

/** An entry never changes: its one time stands for both that lists can be filtered by. */
const entries = ({ teamId, ownCandidateIds }: Caller, filters: AuditFilters): RawBuilder<unknown> => sql`
  from (select *, at as created_at, at as updated_at from platform.audit_entry) e
  left join access.user_account u on u.team_id = e.team_id and u.id = e.actor_id
  cross join lateral (select coalesce(e.candidate_id = any(${[...ownCandidateIds]}::uuid[]), false) as withheld) o
  where e.team_id = ${teamId}
    ${timesWithin('e', filters)} ${anyOf('e.entity', filters.entity)} ${anyOf('e.entity_id', filters.entity_id)}
    ${anyOf('e.action', filters.action)} ${anyIdOf('e.actor_id', filters.actor_id)}`;

const shown = (entry: AuditView): AuditView => ({ ...entry, at: isoTime(entry.at) });
