import { Migration } from '@mikro-orm/migrations';

/** Checks note their changes for the changes feed. */
export class Changes extends Migration {
  override up(): void {
    this.addSql(`
      create function background_checks.note_check_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          perform platform.note_change(old.team_id, 'background_check', old.id, lost => 'any');
        else
          perform platform.note_change(new.team_id, 'background_check', new.id);
        end if;
        return null;
      end $$`);
    const execute = 'execute function background_checks.note_check_change()';
    this.addSql(`
      create trigger check_changes after insert or delete on background_checks.background_check for each row ${execute}`);
    this.addSql(`
      create trigger check_updates after update on background_checks.background_check
      for each row when (old.* is distinct from new.*) ${execute}`);
  }
}
