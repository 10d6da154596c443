import { Migration } from '@mikro-orm/migrations';

export class Start extends Migration {
  override up(): void {
    this.addSql(`
      create table background_checks.background_check (
        team_id uuid not null,
        id uuid not null,
        application_id uuid not null,
        candidate_id uuid not null,
        job_id uuid not null,
        job_stage_item_id uuid not null,
        package_id text not null,
        package_name text not null,
        sent_to text not null,
        requested_by uuid not null,
        requested_at timestamptz(3) not null,
        status text not null,
        result text,
        status_changed_at timestamptz(3) not null,
        failure_reason text,
        failure_message text,
        case_id text,
        short_id text,
        vendor_status text,
        vendor_score text,
        portal_url text,
        environment text,
        case_revision integer not null,
        confirmed_at timestamptz(3),
        cancel_requested_at timestamptz(3),
        holds_slot boolean not null,
        replaces_id uuid,
        replaced_by_id uuid,
        revision integer not null,
        version integer not null default 1,
        changed_xid xid8 not null,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        primary key (team_id, id)
      )`);
    // One check per application and activity at a time: the first to insert wins, whatever the others had seen.
    this.addSql(`
      create unique index background_check_slot
        on background_checks.background_check (team_id, application_id, job_stage_item_id) where holds_slot`);
    this.addSql(`create index background_check_newest on background_checks.background_check (team_id, created_at, id)`);
    this.addSql(`
      create index background_check_by_application
        on background_checks.background_check (team_id, application_id, created_at, id)`);
    this.addSql(`
      create index background_check_by_candidate
        on background_checks.background_check (team_id, candidate_id, created_at, id)`);
    this.addSql(`
      create index background_check_by_job on background_checks.background_check (team_id, job_id, created_at, id)`);
    // Live updates read on from here.
    this.addSql(
      `create index background_check_changed on background_checks.background_check (team_id, changed_xid, id)`,
    );
    this.addSql(`
      create table background_checks.history_entry (
        team_id uuid not null,
        check_id uuid not null,
        revision integer not null,
        at timestamptz(3) not null,
        kind text not null,
        "from" text,
        "to" text,
        by_user_id uuid,
        source text not null,
        primary key (team_id, check_id, revision)
      )`);
    this.addSql(`
      create table background_checks.remembered_send (
        team_id uuid not null,
        user_id uuid not null,
        path text not null,
        key text not null,
        body text not null,
        check_id uuid not null,
        answer jsonb not null,
        created_at timestamptz(3) not null,
        primary key (team_id, user_id, path, key)
      )`);
    this.addSql(`
      create index remembered_send_by_age on background_checks.remembered_send (team_id, created_at)`);
  }
}
