import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AccessLevel, Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { timesWithin, type TimeFilters } from '#platform/database/filters';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';

export interface PersonView {
  id: string;
  name: string;
  email: string | null;
  external_id: string | null;
  access_level: AccessLevel;
  disabled: boolean;
  linked_candidate_ids: Id[];
  erased_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface OneselfView {
  email: string;
  team: { id: string; name: string };
}

const columns = sql`u.id, u.name, u.email, u.external_id, u.access_level, u.disabled, u.linked_candidate_ids,
  u.erased_at, u.created_at, u.updated_at`;

/**
 * The users of one team. Some callers see only the names of colleagues. Only admins see the links to candidates.
 * Every user sees all of their own fields.
 */
@Injectable()
export class UsersView {
  constructor(private readonly database: Database) {}

  async list(caller: Caller, filters: TimeFilters & Paging): Promise<Page<PersonView>> {
    const found = sql`
      from access.user_account u where u.team_id = ${caller.teamId} ${timesWithin('u', filters)}
        and (u.erased_at is null or ${filters.include_deleted ?? false})`;
    return pageOf(this.database, filters, {
      ...{ columns, found, order: sorted('desc', 'u.created_at', 'u.id') },
      shown: (row: PersonView) => shown(row, caller),
    });
  }

  async one(caller: Caller, userId: Id): Promise<PersonView | null> {
    const row = await this.database.first(sql<PersonView>`
      select ${columns} from access.user_account u where u.team_id = ${caller.teamId} and u.id = ${userId}`);
    return row && shown(row, caller);
  }

  /** Whether it is the id of a user or of a service account. */
  async isOf(teamId: string, userId: Id): Promise<boolean> {
    const row = await this.database.first(sql`
      select 1 from access.pub_user where team_id = ${teamId} and id = ${userId}`);
    return row !== null;
  }

  /** The caller's own fields that `Caller` does not have. A service account has no address. */
  async oneself(teamId: string, userId: Id): Promise<OneselfView | null> {
    return this.database.first(sql<OneselfView>`
      select coalesce(u.email, '') as email, json_build_object('id', t.team_id, 'name', t.name) as team
      from access.team t left join access.user_account u on u.team_id = t.team_id and u.id = ${userId}
      where t.team_id = ${teamId}`);
  }
}

function shown(row: PersonView, caller: Caller): PersonView {
  const isSelf = row.id === caller.user.id;
  const { email, external_id } = row;
  return {
    ...row,
    ...(isSelf || caller.can('view_colleagues') ? { email, external_id } : { email: null, external_id: null }),
    linked_candidate_ids: isSelf || caller.can('administer_team') ? row.linked_candidate_ids : [],
    erased_at: isoTime(row.erased_at),
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  };
}
