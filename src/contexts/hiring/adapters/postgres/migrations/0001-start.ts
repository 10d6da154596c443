import { Migration } from '@mikro-orm/migrations';

const times = `
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  version integer not null default 1`;

export class Start extends Migration {
  override up(): void {
    this.jobs();
    this.candidates();
    this.applications();
    this.published();
  }

  private jobs(): void {
    this.addSql(`
      create table hiring.job (
        team_id uuid not null,
        id uuid not null,
        name text not null,
        requisition_id text,
        status text not null check (status in ('open', 'closed', 'draft')),
        confidential boolean not null,
        external_id text,
        search_text text not null,
        ${times},
        primary key (team_id, id),
        unique (team_id, external_id)
      )`);
    this.addSql('create index job_newest on hiring.job (team_id, created_at, id)');
    this.addSql('create index job_confidential on hiring.job (team_id, id) where confidential');
    this.addSql(`
      create table hiring.job_permission (
        team_id uuid not null,
        job_id uuid not null,
        user_id uuid not null,
        permissions text[] not null,
        primary key (team_id, job_id, user_id),
        foreign key (team_id, job_id) references hiring.job
      )`);
    this.addSql('create index job_permission_of_user on hiring.job_permission (team_id, user_id)');
  }

  private candidates(): void {
    this.addSql(`
      create table hiring.candidate (
        team_id uuid not null,
        id uuid not null,
        first_name text not null,
        last_name text not null,
        email_addresses jsonb not null,
        phone_numbers jsonb not null,
        email text,
        external_id text,
        search_text text not null,
        anonymised_at timestamptz(3),
        ${times},
        primary key (team_id, id),
        unique (team_id, external_id)
      )`);
    this.addSql('create index candidate_newest on hiring.candidate (team_id, created_at, id)');
    // Addresses in the form in which they are compared: a candidate may have several, several candidates may share one.
    this.addSql(`
      create table hiring.candidate_email (
        team_id uuid not null,
        canonical text not null,
        candidate_id uuid not null,
        primary key (team_id, canonical, candidate_id),
        foreign key (team_id, candidate_id) references hiring.candidate
      )`);
    this.addSql('create index candidate_email_of on hiring.candidate_email (team_id, candidate_id)');
  }

  private applications(): void {
    this.addSql(`
      create table hiring.application (
        team_id uuid not null,
        id uuid not null,
        candidate_id uuid not null,
        job_id uuid not null,
        status text not null check (status in ('active', 'rejected', 'hired')),
        external_id text,
        ${times},
        primary key (team_id, id),
        unique (team_id, external_id),
        foreign key (team_id, candidate_id) references hiring.candidate,
        foreign key (team_id, job_id) references hiring.job
      )`);
    this.addSql('create index application_newest on hiring.application (team_id, created_at, id)');
    this.addSql('create index application_of_candidate on hiring.application (team_id, candidate_id)');
    this.addSql('create index application_of_job on hiring.application (team_id, job_id, status, created_at)');
  }

  private published(): void {
    this.addSql(`
      create view hiring.pub_job as
      select team_id, id, name, status, confidential, created_at, deleted_at from hiring.job`);
    this.addSql(`
      create view hiring.pub_candidate as
      select team_id, id, first_name, last_name, email, anonymised_at, deleted_at from hiring.candidate`);
    this.addSql(`
      create view hiring.pub_application as
      select team_id, id, job_id, candidate_id, status, external_id, created_at, updated_at, deleted_at
      from hiring.application`);
  }
}
