import { Migration } from '@mikro-orm/migrations';

/** Users can be erased. What names them leaves the planner's statistics: it keeps no samples of it, and loses those it has. */
export class ErasingUsers extends Migration {
  override up(): void {
    this.addSql('drop view access.pub_user');
    // Setting a column's type, even to the same one, drops its statistics.
    this.addSql(`
      alter table access.user_account
        add column erased_at timestamptz(3),
        alter column name type text, alter column email type text, alter column external_id type text,
        alter column linked_candidate_ids type uuid[],
        alter column name set statistics 0, alter column email set statistics 0,
        alter column external_id set statistics 0, alter column linked_candidate_ids set statistics 0`);
    this.addSql(`
      alter table access.sign_in
        alter column email type text, alter column external_id type text,
        alter column email set statistics 0, alter column external_id set statistics 0`);
    this.addSql(`
      alter table access.session
        alter column subject type text, alter column provider_session_id type text,
        alter column subject set statistics 0, alter column provider_session_id set statistics 0`);
    this.addSql('create view access.pub_user as select team_id, id, name from access.user_account');
  }
}
