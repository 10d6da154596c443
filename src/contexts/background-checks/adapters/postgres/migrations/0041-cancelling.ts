import { Migration } from '@mikro-orm/migrations';

/** How far the vendor was asked to cancel is written beside the check, so that it is one chain of tries, with an end. */
export class Cancelling extends Migration {
  override up(): void {
    // cancel_due_at: when the vendor is asked next. nudged_at: when the reconciler gave the check a job.
    this.addSql(`
      alter table background_checks.background_check
        add column cancel_asked int not null default 0,
        add column cancel_accepted boolean not null default false,
        add column cancel_due_at timestamptz(3),
        add column nudged_at timestamptz(3)`);
    this.addSql(`
      create index background_check_to_cancel on background_checks.background_check (cancel_requested_at)
        where cancel_requested_at is not null
          and status not in ('not_sent', 'undeliverable', 'expired', 'declined', 'cancelled', 'complete')`);
    this.addSql(`
      create index background_check_without_case on background_checks.background_check (updated_at)
        where status in ('requested', 'confirming', 'needs_decision')`);
  }
}
