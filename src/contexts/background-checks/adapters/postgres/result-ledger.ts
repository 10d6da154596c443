import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DomainError } from '#kernel/errors';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { ErasureLedger, field, type LedgerLine, type Replayed } from '#platform/erasures/erasure-ledger';
import { RemoveResult } from '../../application/remove-result.js';

interface Row {
  team_id: string;
  id: string;
  result_removed_at: Date | string;
}

/** Results that a team's rule removed. Results of anonymised candidates are not listed: they are erased with the candidate. */
@Injectable()
export class ResultLedger extends ErasureLedger {
  readonly kinds = ['result'];

  constructor(
    private readonly database: Database,
    private readonly removeResult: RemoveResult,
  ) {
    super();
  }

  async *lines(): AsyncGenerator<LedgerLine> {
    const rows = await this.database.rows(sql<Row>`
      select team_id, id, result_removed_at from background_checks.background_check
      where result_removed_at is not null and erased_at is null order by result_removed_at`);
    for (const { team_id, id, result_removed_at: at } of rows) yield { kind: 'result', team_id, id, at: isoTime(at) };
  }

  async replay(line: LedgerLine): Promise<Replayed> {
    try {
      const at = new Date(field(line, 'at'));
      const removed = await this.removeResult.again(field(line, 'team_id'), field(line, 'id'), at);
      return removed ? 'erased' : 'done_before';
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return 'unknown';
      throw error;
    }
  }
}
