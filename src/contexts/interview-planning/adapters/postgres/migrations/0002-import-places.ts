import { Migration } from '@mikro-orm/migrations';

/** Which imports of a team are running, on whichever replica: a row for each place that is taken. */
export class ImportPlaces extends Migration {
  override up(): void {
    this.addSql(`
      create table interview_planning.import_place (
        team_id uuid not null,
        place integer not null,
        import_id uuid not null,
        held_until timestamptz(3) not null,
        primary key (team_id, place)
      )`);
  }
}
