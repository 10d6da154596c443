import { Migration } from '@mikro-orm/migrations';

/** What goes when its time is over is found by age, and so is the newest event of a connection. */
export class OldRowsEnd extends Migration {
  override up(): void {
    this.addSql('create index delivery_by_age on integrations.delivery (team_id, received_at)');
    this.addSql('create index delivery_of_connection on integrations.delivery (team_id, connection_id, id)');
    this.addSql('create index orphan_by_age on integrations.orphan (team_id, received_at)');
    this.addSql('create index report_by_age on integrations.report (team_id, requested_at)');
    this.addSql('create index rejected_signature_by_age on integrations.rejected_signature (team_id, hour)');
    this.addSql('create index finding_by_age on integrations.finding (team_id, found_at)');
    this.addSql(`
      create index vendor_order_unended on integrations.vendor_order (team_id, connection_id)
        where state in ('requested', 'sending', 'in_doubt', 'needs_decision')`);
  }
}
