import { Migration } from '@mikro-orm/migrations';

/** Logouts of the provider are remembered while a sign-in that they concern may be under way: whom they name, as hashes. */
export class LogoutsRemembered extends Migration {
  override up(): void {
    this.addSql(`
      alter table access.used_logout_token
        add column subject bytea, add column provider_session bytea,
        add column issued_at timestamptz(3), add column received_at timestamptz(3)`);
    this.addSql('create index used_logout_token_by_subject on access.used_logout_token (subject)');
    this.addSql('create index used_logout_token_by_session on access.used_logout_token (provider_session)');
    this.addSql('create index used_logout_token_by_end on access.used_logout_token (expires_at)');
  }
}
