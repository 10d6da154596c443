import { Migration } from '@mikro-orm/migrations';

/** Columns that name a person or lead to a case: the planner keeps no samples of them, and loses those that it has. */
const naming = Object.entries({
  sent_to: 'text',
  failure_message: 'text',
  case_id: 'text',
  short_id: 'text',
  portal_url: 'text',
  failure_candidates: 'text[]',
})
  .map(([column, type]) => `alter column ${column} type ${type}, alter column ${column} set statistics 0`)
  .join(', ');

/** Outcomes of erased checks are kept as counts only; results are removed by a rule of their own. */
export class Outcomes extends Migration {
  override up(): void {
    this.addSql(`
      alter table background_checks.background_check
        add column settled_at timestamptz(3),
        add column result_removed_at timestamptz(3), ${naming}`);
    this.addSql(`
      alter table background_checks.remembered_send
        alter column key type text, alter column key set statistics 0,
        alter column body type text, alter column body set statistics 0,
        alter column answer type jsonb, alter column answer set statistics 0`);
    this.erased();
    this.rule();
  }

  /** Those that ended are in the proofs already. */
  private erased(): void {
    this.addSql(`
      update background_checks.background_check
      set settled_at = erased_at, result = null, vendor_status = null, vendor_score = null, failure_reason = null,
          status = case when status = 'complete' then status else 'cancelled' end
      where erased_at is not null
        and status in ('not_sent', 'undeliverable', 'expired', 'declined', 'cancelled', 'complete')`);
    this.addSql(`
      update background_checks.history_entry h set "from" = null, "to" = null
      from background_checks.background_check c
      where c.team_id = h.team_id and c.id = h.check_id and c.settled_at is not null`);
  }

  private rule(): void {
    // since: when the rule was set or made stricter. due_at: when its round is next due.
    this.addSql(`
      create table background_checks.result_retention_rule (
        team_id uuid not null,
        months int check (months between 1 and 120),
        since timestamptz(3) not null,
        due_at timestamptz(3) not null,
        primary key (team_id)
      )`);
    this.addSql(`
      create table background_checks.removal_failure (
        team_id uuid not null,
        check_id uuid not null,
        tries int not null,
        first_failed_at timestamptz(3) not null,
        next_try_at timestamptz(3) not null,
        primary key (team_id, check_id)
      )`);
    // The daily round looks for what is left, the list of proofs for what went.
    this.addSql(`
      create index background_check_with_result on background_checks.background_check (team_id, status_changed_at)
        where erased_at is null and result_removed_at is null`);
    this.addSql(`
      create index background_check_removed on background_checks.background_check (team_id, result_removed_at desc, id)
        where result_removed_at is not null`);
  }
}
