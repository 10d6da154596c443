import { Migration } from '@mikro-orm/migrations';

/**
 * Columns that name a person or lead to a case: the planner keeps no samples of them, and loses those that it has. It needs
 * those of the ids that cases are joined by (`vendor_case`, `case_directory`): they are random, and replaced as time passes.
 */
const naming: Record<string, Record<string, string>> = {
  vendor_order: {
    email: 'text',
    email_canonical: 'text',
    message: 'text',
    case_id: 'text',
    candidates: 'text[]',
    refused_cases: 'text[]',
  },
  connection: { last_error: 'jsonb' },
  vendor_case: { short_id: 'text' },
  delivery: { case_id: 'text', event_id: 'text', digest: 'text', failure: 'text' },
  orphan: { case_id: 'text' },
  report: { report_id: 'text' },
  finding: { case_id: 'text' },
};

/** Fingerprints are keyed, so the database can no longer make them: rows that must be found by one carry it. */
export class Forgetting extends Migration {
  override up(): void {
    this.addSql('alter table integrations.orphan add column fingerprint text');
    this.addSql('alter table integrations.finding add column fingerprint text');
    this.addSql('alter table integrations.erased_case add column order_id uuid');
    this.addSql('create index erased_case_of_order on integrations.erased_case (team_id, order_id)');
    this.outcomes();
    // Setting a column's type, even to the same one, drops its statistics.
    for (const [table, columns] of Object.entries(naming)) {
      const changes = Object.entries(columns).flatMap(([column, type]) => [
        `alter column ${column} type ${type}`,
        `alter column ${column} set statistics 0`,
      ]);
      this.addSql(`alter table integrations.${table} ${changes.join(', ')}`);
    }
  }

  /** How the cases of erased orders ended is in the proofs, as counts. */
  private outcomes(): void {
    this.addSql(`
      delete from integrations.vendor_case v using integrations.vendor_order o
      where o.team_id = v.team_id and o.id = v.order_id and o.erased_at is not null and v.case_id is null
        and v.state in ('complete', 'cancelled', 'declined', 'expired', 'undeliverable')`);
  }
}
