import { Migration } from '@mikro-orm/migrations';

export class SendingAgain extends Migration {
  override up(): void {
    this.addSql(`
      alter table background_checks.background_check add column failure_candidates text[] not null default '{}'`);
    // A check is replaced once: the belt to the rule that its aggregate keeps.
    this.addSql(`
      create unique index background_check_successor
        on background_checks.background_check (team_id, replaces_id) where replaces_id is not null`);
    // Lists by status, newest first: what needs a person is rare, and must be found among hundreds of thousands.
    this.addSql(`
      create index background_check_by_status
        on background_checks.background_check (team_id, status, created_at desc, id desc)`);
  }
}
