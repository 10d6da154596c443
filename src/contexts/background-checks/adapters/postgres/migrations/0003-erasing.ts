import { Migration } from '@mikro-orm/migrations';

/** Checks of anonymised candidates keep dates, package and outcome, and nothing that leads to a person or a case. */
export class Erasing extends Migration {
  override up(): void {
    this.addSql(`
      alter table background_checks.background_check
        alter column sent_to drop not null,
        add column erased_at timestamptz(3)`);
    // Answers that were remembered hold an address: they are found by their check.
    this.addSql(`
      create index remembered_send_of_check on background_checks.remembered_send (team_id, check_id)`);
  }
}
