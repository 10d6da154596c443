import { Migration } from '@mikro-orm/migrations';

/** Failures that are tried no more go after a while. */
export class FailuresEnd extends Migration {
  override up(): void {
    this.addSql('create index erasure_failure_by_try on hiring.erasure_failure (team_id, next_try_at)');
  }
}
