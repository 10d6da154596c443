import { Migration } from '@mikro-orm/migrations';

/** Histories of erased checks go after a while, and failures that are tried no more. */
export class HistoriesEnd extends Migration {
  override up(): void {
    // When the erasure of its check took what it said. Null: the entry is kept with its check.
    this.addSql('alter table background_checks.history_entry add column emptied_at timestamptz(3)');
    this.addSql(`
      update background_checks.history_entry h set emptied_at = now()
      from background_checks.background_check c
      where c.team_id = h.team_id and c.id = h.check_id and c.settled_at is not null`);
    this.addSql(`
      create index history_entry_emptied on background_checks.history_entry (team_id, emptied_at)
        where emptied_at is not null`);
    this.addSql('create index removal_failure_by_try on background_checks.removal_failure (team_id, next_try_at)');
  }
}
