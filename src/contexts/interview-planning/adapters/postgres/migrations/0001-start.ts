import { Migration } from '@mikro-orm/migrations';

/** Plans, stages, activities, placements, and the views that other contexts read. */
export class Start extends Migration {
  override up(): void {
    this.plans();
    this.stages();
    this.items();
    this.placements();
    this.publishedViews();
  }

  private plans(): void {
    this.addSql(`
      create table interview_planning.plan (
        team_id uuid not null,
        job_id uuid not null,
        version integer not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        primary key (team_id, job_id)
      )`);
  }

  private stages(): void {
    // Deferred: moving a stage renumbers several at once.
    this.addSql(`
      create table interview_planning.stage (
        team_id uuid not null,
        id uuid not null,
        job_id uuid not null,
        name text not null,
        priority integer not null check (priority > 0),
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        deleted_at timestamptz(3),
        primary key (team_id, id),
        foreign key (team_id, job_id) references interview_planning.plan (team_id, job_id),
        constraint stage_one_per_priority exclude using btree (team_id with =, job_id with =, priority with =)
          where (deleted_at is null) deferrable initially deferred
      )`);
    this.addSql('create index stage_by_job on interview_planning.stage (team_id, job_id)');
  }

  private items(): void {
    this.addSql(`
      create table interview_planning.item (
        team_id uuid not null,
        id uuid not null,
        stage_id uuid not null,
        type text not null check (type in ('interview', 'certn_background_check')),
        name text not null,
        package_id text,
        package_name text,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        deleted_at timestamptz(3),
        primary key (team_id, id),
        foreign key (team_id, stage_id) references interview_planning.stage (team_id, id),
        check ((type = 'certn_background_check') = (package_id is not null and package_name is not null))
      )`);
    this.addSql('create index item_by_stage on interview_planning.item (team_id, stage_id)');
  }

  private placements(): void {
    this.addSql(`
      create table interview_planning.placement (
        team_id uuid not null,
        application_id uuid not null,
        job_id uuid not null,
        stage_id uuid,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        primary key (team_id, application_id),
        foreign key (team_id, stage_id) references interview_planning.stage (team_id, id)
      )`);
    this.addSql('create index placement_by_stage on interview_planning.placement (team_id, stage_id)');
  }

  private publishedViews(): void {
    this.addSql(`
      create view interview_planning.pub_stage as
      select team_id, id, job_id, name, priority, deleted_at from interview_planning.stage`);
    this.addSql(`
      create view interview_planning.pub_item as
      select i.team_id, i.id, i.stage_id, s.job_id, i.type, i.name, i.package_id, i.package_name, i.deleted_at
      from interview_planning.item i
      join interview_planning.stage s on s.team_id = i.team_id and s.id = i.stage_id`);
    this.addSql(`
      create view interview_planning.pub_placement as
      select team_id, application_id, job_id, stage_id from interview_planning.placement`);
  }
}
