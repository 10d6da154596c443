import { Migration } from '@mikro-orm/migrations';

/** The audit log can be added to and read. The database refuses everything else, for every role. */
export class AppendOnly extends Migration {
  override up(): void {
    this.addSql('alter table platform.audit_entry add column candidate_id uuid');
    this.addSql('drop index platform.audit_entry_by_entity');
    this.addSql('create index audit_entry_newest on platform.audit_entry (team_id, at, id)');
    this.addSql('create index audit_entry_by_entity on platform.audit_entry (team_id, entity_id, at, id)');
    this.addSql('create index audit_entry_by_actor on platform.audit_entry (team_id, actor_id, at, id)');
    this.addSql('create index audit_entry_by_action on platform.audit_entry (team_id, action, at, id)');
    this.addSql(`
      create function platform.refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'The audit log is only ever added to: % is refused.', tg_op using errcode = 'insufficient_privilege';
      end $$`);
    // A statement trigger also refuses statements that match no row. TRUNCATE has no other kind.
    this.addSql(`
      create trigger audit_entry_append_only before update or delete or truncate on platform.audit_entry
      for each statement execute function platform.refuse_audit_change()`);
    // Sessions in replica mode skip ordinary triggers.
    this.addSql('alter table platform.audit_entry enable always trigger audit_entry_append_only');
  }
}
