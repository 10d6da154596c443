import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { anyIdOf, anyOf, timesWithin, type TimeFilters } from '#platform/database/filters';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';
import type { ActorKind } from '../contract.js';

export interface AuditView {
  id: string;
  at: string;
  actor: { id: string; name: string; kind: ActorKind } | null;
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

/** How many entries an export holds in memory at a time. */
const batch = 500;

/** Where the next batch starts: the time of the last entry, to the microsecond, and its id. */
type Place = { at: string; id: string } | null;

/** Who did what, newest first. Entries about the reader's own checks are listed, but their `from` and `to` are withheld. */
@Injectable()
export class AuditLogView {
  constructor(private readonly database: Database) {}

  async list(caller: Caller, filters: AuditFilters & Paging): Promise<Page<AuditView>> {
    const order = sorted('desc', 'e.at', 'e.id');
    return pageOf(this.database, filters, { columns, found: entries(caller, filters), order, shown });
  }

  /**
   * Every matching entry, read in batches as fast as the consumer takes them, each with the caller's rights at that moment. Entries
   * that are written meanwhile are not included.
   */
  async *all(currentCaller: () => Promise<Caller>, filters: AuditFilters): AsyncGenerator<AuditView> {
    let place: Place = null;
    do {
      const found = entries(await currentCaller(), filters);
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

/** `from` and `to` of an entry about the reader's own check are empty. */
const columns = sql`e.id, e.at, e.action, e.entity, e.entity_id, e.outcome, e.ip, o.withheld,
  case when o.withheld then '{}' else e.before end as "from", case when o.withheld then '{}' else e.after end as "to",
  case when e.actor_id is not null then 
    json_build_object('id', e.actor_id, 'name', u.name, 'kind', coalesce(u.kind, 'user')) end as actor`;

/** An entry never changes, so its one time serves as both `created_at` and `updated_at` in filters. */
const entries = ({ teamId, ownCandidateIds }: Caller, filters: AuditFilters): RawBuilder<unknown> => sql`
  from (select *, at as created_at, at as updated_at from platform.audit_entry) e
  left join access.pub_user u on u.team_id = e.team_id and u.id = e.actor_id
  cross join lateral (select coalesce(e.candidate_id = any(${[...ownCandidateIds]}::uuid[]), false) as withheld) o
  where e.team_id = ${teamId}
    ${timesWithin('e', filters)} ${anyOf('e.entity', filters.entity)} ${anyOf('e.entity_id', filters.entity_id)}
    ${anyOf('e.action', filters.action)} ${anyIdOf('e.actor_id', filters.actor_id)}`;

const shown = (entry: AuditView): AuditView => ({ ...entry, at: isoTime(entry.at) });
