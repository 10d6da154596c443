import { Migration } from '@mikro-orm/migrations';
import { lockTables } from '#platform/database/former-names';

/** What this and the following migrations of the release change, here and in other contexts. A view is locked with its tables. */
const changedByThisRelease = [
  ...['job', 'job_permission', 'candidate', 'application'].map((table) => `hiring.${table}`),
  'hiring.pub_application',
  ...['item', 'placement', 'stage', 'pub_item'].map((table) => `interview_planning.${table}`),
  'background_checks.background_check',
  'background_checks.remembered_send',
  ...[
    'connection',
    'package',
    'vendor_order',
    'delivery',
    'orphan',
    'finding',
    'round',
    'silence',
    'vendor_breaker',
    'erased_case',
    'pub_package',
  ].map((table) => `integrations.${table}`),
];

/**
 * Jobs, candidates and applications note their changes for the changes feed. In triggers, so that releases that do not know the feed
 * note them, too.
 */
export class Changes extends Migration {
  override up(): void {
    this.addSql(lockTables(changedByThisRelease));
    this.jobs();
    this.permissions();
    this.candidates();
    this.applications();
    this.addSql(`
      create or replace view hiring.pub_application with (security_invoker = true) as
      select team_id, id, job_id, candidate_id, status, external_id, created_at, updated_at, deleted_at, version
      from hiring.application`);
  }

  private jobs(): void {
    this.addSql(`
      create function hiring.note_job_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          perform platform.note_change(new.team_id, 'job', new.id);
        elsif tg_op = 'UPDATE' then
          perform platform.note_change(new.team_id, 'job', new.id, new.name <> old.name, new.confidential <> old.confidential,
            case when new.confidential and not old.confidential then 'any' end);
        else
          perform platform.note_change(old.team_id, 'job', old.id, lost => 'any');
        end if;
        return null;
      end $$`);
    this.triggers('job');
  }

  /** Who may see a job, and what they see of it and of what belongs to it. */
  private permissions(): void {
    this.addSql(`
      create function hiring.note_permission_change() returns trigger language plpgsql as $$
      begin
        if tg_op <> 'DELETE' then
          perform platform.note_change(new.team_id, 'job', new.job_id, spreads => true);
        else
          -- Permissions are replaced by removing all of them and adding the new ones: only at the commit is it known who lost theirs.
          perform platform.note_change(old.team_id, 'job', old.job_id, spreads => true,
            lost => case when not exists (
              select from hiring.job_permission p
              where p.team_id = old.team_id and p.job_id = old.job_id and p.user_id = old.user_id) then 'any' end);
        end if;
        return null;
      end $$`);
    this.addSql(`
      create constraint trigger job_permission_changes after insert or delete on hiring.job_permission
      deferrable initially deferred for each row execute function hiring.note_permission_change()`);
    this.addSql(`
      create trigger job_permission_updates after update on hiring.job_permission
      for each row when (old.* is distinct from new.*) execute function hiring.note_permission_change()`);
  }

  private candidates(): void {
    this.addSql(`
      create function hiring.note_candidate_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          perform platform.note_change(new.team_id, 'candidate', new.id);
        elsif tg_op = 'UPDATE' then
          perform platform.note_change(new.team_id, 'candidate', new.id,
            (new.first_name, new.last_name) is distinct from (old.first_name, old.last_name));
        else
          perform platform.note_change(old.team_id, 'candidate', old.id, lost => 'any');
        end if;
        return null;
      end $$`);
    this.triggers('candidate');
  }

  /**
   * A candidate shows their applications and is seen through them. Without any, they are visible to those with rights on the whole
   * team, who lose sight of them when the first is for a job that they do not see.
   */
  private applications(): void {
    this.addSql(`
      create function hiring.note_application_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' then
          perform platform.note_change(new.team_id, 'application', new.id);
        elsif tg_op = 'INSERT' then
          perform platform.note_change(new.team_id, 'application', new.id);
          perform platform.note_change(new.team_id, 'candidate', new.candidate_id,
            lost => case when not exists (
              select from hiring.application a
              where a.team_id = new.team_id and a.candidate_id = new.candidate_id and a.id <> new.id) then 'team' end);
        else
          perform platform.note_change(old.team_id, 'application', old.id, lost => 'any');
          perform platform.note_change(old.team_id, 'candidate', old.candidate_id, lost => 'any');
        end if;
        return null;
      end $$`);
    this.triggers('application');
  }

  private triggers(table: string): void {
    const execute = `execute function hiring.note_${table}_change()`;
    this.addSql(`create trigger ${table}_changes after insert or delete on hiring.${table} for each row ${execute}`);
    this.addSql(`
      create trigger ${table}_updates after update on hiring.${table}
      for each row when (old.* is distinct from new.*) ${execute}`);
  }
}
