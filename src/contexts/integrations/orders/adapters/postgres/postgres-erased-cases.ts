import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { Fingerprints } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { ErasedCases } from '../../domain/erased-cases.js';

@Injectable()
export class PostgresErasedCases extends ErasedCases {
  constructor(
    private readonly database: Database,
    readonly fingerprints: Fingerprints,
  ) {
    super();
  }

  /** SQL condition: this case is erased. For a statement across teams. */
  has(caseId: string): RawBuilder<unknown> {
    return sql`exists (
      select 1 from integrations.erased_case e where e.case_hash = any(${this.fingerprints.known(caseId)}::text[]))`;
  }

  async without(caseIds: readonly string[]): Promise<string[]> {
    const forms = new Map(caseIds.flatMap((caseId) => this.fingerprints.known(caseId).map((form) => [form, caseId])));
    const rows = await acrossTeams('shared-account', () =>
      this.database.rows(sql<{ case_hash: string }>`
      select case_hash from integrations.erased_case where case_hash = any(${[...forms.keys()]}::text[])`),
    );
    const erased = new Set(rows.map(({ case_hash }) => forms.get(case_hash)));
    return caseIds.filter((caseId) => !erased.has(caseId));
  }
}
