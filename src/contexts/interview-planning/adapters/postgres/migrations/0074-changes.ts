import { Migration } from '@mikro-orm/migrations';

/** An application shows its stage: placements and names of stages note changes for the changes feed. */
export class Changes extends Migration {
  override up(): void {
    // Counts the moves, also those by releases that do not know the column.
    this.addSql('alter table interview_planning.placement add column moves integer not null default 1');
    this.addSql(`
      create function interview_planning.count_move() returns trigger language plpgsql as $$
      begin
        new.moves := old.moves + 1;
        return new;
      end $$`);
    this.addSql(`
      create trigger placement_moves before update on interview_planning.placement
      for each row when (old.* is distinct from new.*) execute function interview_planning.count_move()`);
    this.addSql(`
      create function interview_planning.note_placement_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          perform platform.note_change(old.team_id, 'application', old.application_id);
        else
          perform platform.note_change(new.team_id, 'application', new.application_id);
        end if;
        return null;
      end $$`);
    const execute = 'execute function interview_planning.note_placement_change()';
    this.addSql(`
      create trigger placement_changes after insert or delete on interview_planning.placement for each row ${execute}`);
    this.addSql(`
      create trigger placement_updates after update on interview_planning.placement
      for each row when (old.* is distinct from new.*) ${execute}`);
    this.addSql(`
      create function interview_planning.note_stage_name() returns trigger language plpgsql as $$
      begin
        perform platform.note_change(new.team_id, 'stage', new.id, renamed => true);
        return null;
      end $$`);
    this.addSql(`
      create trigger stage_names after update on interview_planning.stage
      for each row when (old.name <> new.name) execute function interview_planning.note_stage_name()`);
  }
}
