import { Migration } from '@mikro-orm/migrations';

/**
 * One active application per candidate and job. Data that already hold several keep them all: each but the newest is marked,
 * and the index does not look at marked ones. A mark goes when its application is closed.
 */
export class OneActiveApplication extends Migration {
  override up(): void {
    this.addSql('alter table hiring.application add column duplicate boolean not null default false');
    this.addSql(`
      update hiring.application a set duplicate = true
      where a.status = 'active' and exists (
        select 1 from hiring.application newer
        where newer.team_id = a.team_id and newer.candidate_id = a.candidate_id and newer.job_id = a.job_id
          and newer.status = 'active' and (newer.created_at, newer.id) > (a.created_at, a.id))`);
    this.addSql(`
      create unique index application_one_active on hiring.application (team_id, candidate_id, job_id)
        where status = 'active' and not duplicate`);
  }
}
