import { Migration } from '@mikro-orm/migrations';

export class Start extends Migration {
  override up(): void {
    this.addSql(`
      create table access.team (
        team_id uuid primary key,
        name text not null,
        created_at timestamptz(3) not null
      )`);
    this.addSql(`
      create table access.user_account (
        team_id uuid not null references access.team,
        id uuid not null,
        name text not null,
        email text not null,
        external_id text,
        access_level text not null check (access_level in ('restricted', 'limited', 'standard', 'admin')),
        disabled boolean not null,
        linked_candidate_ids uuid[] not null,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        deleted_at timestamptz(3),
        version integer not null default 1,
        primary key (team_id, id)
      )`);
    this.addSql('create index user_account_newest on access.user_account (team_id, created_at, id)');
    // The sign-in directory: a token names a person before anyone knows the team, hence no team_id in front.
    this.addSql(`
      create table access.sign_in (
        user_id uuid primary key,
        team_id uuid not null,
        email text not null constraint sign_in_email unique,
        external_id text constraint sign_in_external_id unique
      )`);
    this.addSql('create view access.pub_user as select team_id, id, name from access.user_account');
  }
}
