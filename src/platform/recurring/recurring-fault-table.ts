import { Migration } from '@mikro-orm/migrations';

/**
 * Recurring work whose last try failed; the row is deleted when a try succeeds. `subject`: the team, or the team and one of its
 * connections separated by a slash, for work that is done one at a time; otherwise empty. `failures`: in a row, on all replicas
 * together; `since`: the first of them.
 */
export class RecurringFaultTable extends Migration {
  override up(): void {
    this.addSql(`
      create table platform.recurring_fault (
        work text not null,
        subject text not null,
        failures int not null,
        since timestamptz(3) not null,
        failed_at timestamptz(3) not null,
        next_try_at timestamptz(3) not null,
        why text not null,
        primary key (work, subject)
      )`);
  }
}
