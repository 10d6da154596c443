import { Migration } from '@mikro-orm/migrations';
import { acrossTeamsRole, serviceRole } from '#platform/database/wall';

/**
 * Service accounts and their keys, in tables of their own: releases that know only people do not list them. `pub_user` names both, so
 * that these releases show who sent a check.
 */
export class ServiceAccounts extends Migration {
  override up(): void {
    this.addSql(`
      create table access.service_account (
        team_id uuid not null references access.team,
        id uuid not null,
        name text not null,
        access_level text not null check (access_level in ('restricted', 'limited', 'standard', 'admin')),
        scopes text[] not null,
        client_issuer text,
        client_id text,
        disabled boolean not null,
        steward_ids uuid[] not null,
        last_used_at timestamptz(3),
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        deleted_at timestamptz(3),
        version integer not null default 1,
        primary key (team_id, id),
        constraint service_account_client unique (team_id, client_issuer, client_id)
      )`);
    this.addSql('create index service_account_newest on access.service_account (team_id, created_at, id)');
    // A token names a client before anyone knows the team, hence no team_id in front.
    this.addSql('create index service_account_by_client on access.service_account (client_issuer, client_id)');
    // A key names an account before anyone knows the team. `hash` is the key's SHA-256.
    this.addSql(`
      create table access.api_key (
        team_id uuid not null,
        id uuid not null,
        service_account_id uuid not null,
        hash bytea not null constraint api_key_hash unique,
        last4 text not null,
        created_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        last_used_at timestamptz(3),
        primary key (team_id, id),
        foreign key (team_id, service_account_id) references access.service_account on delete cascade
      )`);
    this.addSql('create index api_key_by_account on access.api_key (team_id, service_account_id)');
    this.addSql('create index api_key_by_end on access.api_key (team_id, expires_at)');
    this.addSql(`
      create or replace view access.pub_user with (security_invoker = true) as
      select team_id, id, name, 'user'::text as kind from access.user_account
      union all
      select team_id, id, name, 'service_account'::text from access.service_account`);
    // The view is in use while the wall is not up yet. Without a policy the roles find no row in the new table.
    this.addSql('alter table access.service_account enable row level security');
    this.addSql(`
      do $$ begin
        if to_regrole('${serviceRole}') is not null then
          grant select on access.service_account to ${serviceRole}, ${acrossTeamsRole};
        end if;
      end $$`);
  }
}
