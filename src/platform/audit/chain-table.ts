import { Migration } from '@mikro-orm/migrations';

/** One line per audit entry, in the order in which entries were chained. Append-only, like the log itself. */
export class ChainTable extends Migration {
  override up(): void {
    this.addSql(`
      create table platform.audit_chain (
        team_id uuid not null,
        seq bigint not null,
        entry_id uuid not null,
        hash bytea not null,
        primary key (team_id, seq),
        unique (team_id, entry_id)
      )`);
    this.addSql(`
      create trigger audit_chain_append_only before update or delete or truncate on platform.audit_chain
      for each statement execute function platform.refuse_audit_change()`);
    this.addSql('alter table platform.audit_chain enable always trigger audit_chain_append_only');
  }
}

/** When a line was written. Null: a release without this column wrote it. */
export class ChainedWhen extends Migration {
  override up(): void {
    this.addSql('alter table platform.audit_chain add column chained_at timestamptz');
    this.addSql('alter table platform.audit_chain alter column chained_at set default now()');
  }
}
