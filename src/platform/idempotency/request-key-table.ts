import { Migration } from '@mikro-orm/migrations';

/** What a request with an Idempotency-Key made. `key` and `body` are keyed fingerprints. */
export class RequestKeyTable extends Migration {
  override up(): void {
    this.addSql(`
      create table platform.request_key (
        team_id uuid not null,
        user_id uuid not null,
        path text not null,
        key text not null,
        body text not null,
        made_id uuid not null,
        created_at timestamptz(3) not null,
        primary key (team_id, user_id, path, key)
      )`);
    this.addSql('create index request_key_by_age on platform.request_key (team_id, created_at)');
  }
}
