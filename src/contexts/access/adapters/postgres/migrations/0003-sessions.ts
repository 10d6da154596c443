import { Migration } from '@mikro-orm/migrations';

/** Sessions of browsers, and the logout tokens of the identity provider that were taken already. */
export class Sessions extends Migration {
  override up(): void {
    // A cookie names a session before anyone knows the team, hence no team_id in front. `id` is the token's SHA-256.
    this.addSql(`
      create table access.session (
        id bytea primary key,
        team_id uuid not null,
        user_id uuid not null,
        issuer text not null,
        subject text not null,
        provider_session_id text,
        authenticated_at timestamptz(3) not null,
        created_at timestamptz(3) not null,
        last_seen_at timestamptz(3) not null,
        ends_at timestamptz(3) not null,
        foreign key (team_id, user_id) references access.user_account on delete cascade
      )`);
    this.addSql('create index session_by_user on access.session (team_id, user_id)');
    this.addSql('create index session_by_subject on access.session (subject)');
    this.addSql('create index session_by_provider_session on access.session (provider_session_id)');
    this.addSql('create index session_by_end on access.session (ends_at)');
    // Tokens of one issuer only: there is one per installation.
    this.addSql(`
      create table access.used_logout_token (
        id bytea primary key,
        expires_at timestamptz(3) not null
      )`);
  }
}
