import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';

export const noticeKinds = ['links_changed', 'admin_added', 'webhook_endpoint_disabled'] as const;

export interface AdminNotice {
  kind: (typeof noticeKinds)[number];
  at: string;
  user: { id: string; name: string };
  by: { id: string; name: string } | null;
  /** Only of `webhook_endpoint_disabled`; `user` is who added the endpoint. */
  webhook_endpoint: { id: string; host: string; reason: string } | null;
}

/** The action that each kind is read from, and where its entry names the user. */
const sources = sql`(values
  ('user.link', 'links_changed', null), ('user.admin', 'admin_added', null),
  ('webhook_endpoint.disable', 'webhook_endpoint_disabled', 'created_by')) as source (action, kind, named_in)`;

const shownForDays = 30;
const atMost = 20;

/** The notices that all admins see, newest first. They are read from the audit log, from which nothing can be deleted. */
@Injectable()
export class AdminNoticesView {
  constructor(private readonly database: Database) {}

  async of(caller: Caller): Promise<AdminNotice[]> {
    if (!caller.can('administer_team')) return [];
    const rows = await this.database.rows(sql<AdminNotice>`
      select source.kind, e.at,
        json_build_object('id', u.id, 'name', u.name) as user,
        case when b.id is not null then json_build_object('id', b.id, 'name', b.name) end as by,
        case when e.entity = 'webhook_endpoint' then json_build_object(
          'id', e.entity_id, 'host', e.after ->> 'host', 'reason', e.after ->> 'reason') end as webhook_endpoint
      from platform.audit_entry e
      join ${sources} on source.action = e.action
      join access.user_account u on u.team_id = e.team_id
        and u.id = coalesce(e.after ->> source.named_in, e.entity_id)::uuid
      left join access.user_account b on b.team_id = e.team_id and b.id = e.actor_id
      where e.team_id = ${caller.teamId} and e.outcome = 'done'
        and e.action in ('user.link', 'user.admin', 'webhook_endpoint.disable')
        and e.at > now() - make_interval(days => ${shownForDays})
      order by e.at desc, e.id desc limit ${atMost}`);
    return rows.map((row) => ({ ...row, at: isoTime(row.at) }));
  }
}
