import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { anyOf, timesWithin, type TimeFilters } from '#platform/database/filters';
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
  ip: string | null;
}

export interface AuditFilters extends TimeFilters {
  entity?: string[];
  entity_id?: string[];
  actor_id?: string[];
  action?: string[];
}

/** Who did what, newest first. */
@Injectable()
export class AuditLog {
  constructor(private readonly database: Database) {}

  async list(teamId: string, filters: AuditFilters & Paging): Promise<Page<AuditView>> {
    // An entry never changes: its one time stands for both that lists can be filtered by.
    const found = sql`
      from (select *, at as created_at, at as updated_at from platform.audit_entry) e
      left join access.user_account u on u.team_id = e.team_id and u.id = e.actor_id
      where e.team_id = ${teamId} ${timesWithin('e', filters)}
        ${anyOf('e.entity', filters.entity)} ${anyOf('e.entity_id', filters.entity_id)}
        ${anyOf('e.action', filters.action)} ${anyOf('e.actor_id', filters.actor_id, 'uuid')}`;
    const { limit, offset } = window(filters);
    const items = await this.database.rows(sql<AuditView>`
      select e.id, e.at, e.action, e.entity, e.entity_id, e.outcome, e.before as "from", e.after as "to", e.ip,
        case when e.actor_id is not null then json_build_object('id', e.actor_id, 'name', u.name) end as actor
      ${found} order by e.at desc, e.id desc limit ${limit} offset ${offset}`);
    const counted = await this.database.first(sql<{ total: number }>`
      select count(*)::int as total from (select 1 ${found} limit ${countCap + 1}) counted`);
    return { items: items.map((item) => ({ ...item, at: isoTime(item.at) })), total: counted?.total ?? 0 };
  }
}
