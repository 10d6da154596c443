import { Migration } from '@mikro-orm/migrations';

/** Which tasks are done, for which application: a row for each. It holds ids and a time only. */
export class TaskCompletions extends Migration {
  override up(): void {
    this.addSql(`
      create table interview_planning.task_completion (
        team_id uuid not null,
        application_id uuid not null,
        item_id uuid not null,
        completed_by uuid not null,
        completed_at timestamptz(3) not null,
        primary key (team_id, application_id, item_id),
        foreign key (team_id, item_id) references interview_planning.item (team_id, id)
      )`);
  }
}
