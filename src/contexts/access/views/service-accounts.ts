import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AccessLevel } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Scope } from '#kernel/scopes';
import { Database } from '#platform/database/database';
import { timesWithin, type TimeFilters } from '#platform/database/filters';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';

export interface ShownKey {
  id: string;
  last4: string;
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
}

export interface ServiceAccountView {
  id: string;
  name: string;
  access_level: AccessLevel;
  scopes: Scope[];
  client_id: string | null;
  disabled: boolean;
  last_used_at: string | null;
  keys: ShownKey[];
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
}

const columns = sql`
  a.id, a.name, a.access_level, a.scopes, a.client_id, a.disabled, a.created_at, a.updated_at, a.deleted_at,
  greatest(a.last_used_at, k.last_used_at) as last_used_at, k.keys`;

const withKeys = sql`
  access.service_account a cross join lateral (
    select max(k.last_used_at) as last_used_at, coalesce(json_agg(json_build_object('id', k.id, 'last4', k.last4,
      'created_at', k.created_at, 'expires_at', k.expires_at, 'last_used_at', k.last_used_at)
      order by k.created_at desc, k.id desc) filter (where k.id is not null), '[]') as keys
    from access.api_key k where k.team_id = a.team_id and k.service_account_id = a.id) k`;

/** The service accounts of one team, with what is known of their keys. Only admins read them. */
@Injectable()
export class ServiceAccountsView {
  constructor(private readonly database: Database) {}

  async list(teamId: string, filters: TimeFilters & Paging): Promise<Page<ServiceAccountView>> {
    const which = sql`where a.team_id = ${teamId} ${timesWithin('a', filters)}
      and (a.deleted_at is null or ${filters.include_deleted ?? false})`;
    return pageOf(this.database, filters, {
      ...{ columns, found: sql`from ${withKeys} ${which}`, counted: sql`from access.service_account a ${which}` },
      ...{ order: sorted('desc', 'a.created_at', 'a.id'), shown },
    });
  }

  /** null: unknown in the team, or deleted. */
  async one(teamId: string, id: Id): Promise<ServiceAccountView | null> {
    const row = await this.database.first(sql<ServiceAccountView>`
      select ${columns} from ${withKeys} where a.team_id = ${teamId} and a.id = ${id} and a.deleted_at is null`);
    return row && shown(row);
  }

  /** null: unknown in the team, or revoked. */
  async key(teamId: string, keyId: Id): Promise<ShownKey | null> {
    const row = await this.database.first(sql<ShownKey>`
      select id, last4, created_at, expires_at, last_used_at from access.api_key
      where team_id = ${teamId} and id = ${keyId}`);
    return row && shownKey(row);
  }
}

const shownKey = (key: ShownKey): ShownKey => ({
  ...key,
  created_at: isoTime(key.created_at),
  expires_at: isoTime(key.expires_at),
  last_used_at: isoTime(key.last_used_at),
});

const shown = (row: ServiceAccountView): ServiceAccountView => ({
  ...row,
  last_used_at: isoTime(row.last_used_at),
  keys: row.keys.map(shownKey),
  created_at: isoTime(row.created_at),
  updated_at: isoTime(row.updated_at),
  deleted_at: isoTime(row.deleted_at),
});
