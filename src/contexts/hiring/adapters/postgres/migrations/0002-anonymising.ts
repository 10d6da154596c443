import { Migration } from '@mikro-orm/migrations';

/** Candidates are anonymised, by hand or when a team's rule says so; what is left is a proof. */
export class Anonymising extends Migration {
  override up(): void {
    this.addSql(`
      alter table hiring.candidate
        add column legal_hold boolean not null default false,
        add column legal_hold_ended_at timestamptz(3)`);
    this.addSql('alter table hiring.application add column closed_at timestamptz(3)');
    // The nearest that is known of those closed before: a rule may come late by that, never early.
    this.addSql(`update hiring.application set closed_at = updated_at where status <> 'active'`);
    // The daily round looks for those who are left, not through all who ever were.
    this.addSql(`
      create index candidate_kept on hiring.candidate (team_id, created_at)
        where anonymised_at is null and not legal_hold`);
    // since: when the rule was set or made stricter. due_at: when its round is next due.
    this.addSql(`
      create table hiring.retention_rule (
        team_id uuid not null,
        months int check (months between 1 and 120),
        since timestamptz(3) not null,
        due_at timestamptz(3) not null,
        primary key (team_id)
      )`);
    this.addSql(`
      create table hiring.erasure (
        team_id uuid not null,
        candidate_id uuid not null,
        at timestamptz(3) not null,
        by_user_id uuid,
        checks jsonb not null default '[]',
        primary key (team_id, candidate_id)
      )`);
  }
}
