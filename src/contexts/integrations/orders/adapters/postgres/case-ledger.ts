import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { ErasureLedger, field, type LedgerLine, type Replayed } from '#platform/erasures/erasure-ledger';

interface Row {
  team_id: string;
  connection_id: string;
  order_id: string | null;
  host: string | null;
  case_hash: string;
}

/** Fingerprints of erased cases. They identify what the vendor still reports about such a case. */
@Injectable()
export class CaseLedger extends ErasureLedger {
  readonly kinds = ['case'];

  constructor(private readonly database: Database) {
    super();
  }

  async *lines(): AsyncGenerator<LedgerLine> {
    const rows = await this.database.rows(sql<Row>`
      select team_id, connection_id, order_id, case_hash, host from integrations.erased_case
      order by team_id, connection_id, case_hash`);
    for (const { case_hash: fingerprint, ...row } of rows) yield { kind: 'case', ...row, fingerprint };
  }

  async replay(line: LedgerLine): Promise<Replayed> {
    const added = await this.database.affected(sql`
      insert into integrations.erased_case (team_id, connection_id, case_hash, order_id, host)
      values (${field(line, 'team_id')}, ${field(line, 'connection_id')}, ${field(line, 'fingerprint')},
              ${line['order_id'] ?? null}::uuid, ${line['host'] ?? null})
      on conflict do nothing`);
    return added === 1 ? 'unknown' : 'done_before';
  }
}
