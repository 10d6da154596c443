import { Migration } from '@mikro-orm/migrations';

/**
 * Recurring work whose last try failed; its row goes when a try succeeds. `subject`: whose, where work is done for one at a
 * time (a team, or a team and one of its connections, separated by a slash); empty otherwise. `failures`: in a row, on all
 * replicas together, `since` the first of them.
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
