import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { Fingerprints } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { ErasedCases } from '../../domain/erased-cases.js';

/** Releases before 0.8 did not record the host. Their rows match the case id at every host. */
const isAt = (host: string): RawBuilder<unknown> => sql`(e.host is null or e.host = ${host})`;

@Injectable()
export class PostgresErasedCases extends ErasedCases {
  constructor(
    private readonly database: Database,
    readonly fingerprints: Fingerprints,
  ) {
    super();
  }

  /** SQL condition: this case of that host is erased. For a statement across teams. */
  has(host: string, caseId: string): RawBuilder<unknown> {
    return sql`exists (
      select 1 from integrations.erased_case e
      where e.case_hash = any(${this.fingerprints.known(caseId)}::text[]) and ${isAt(host)})`;
  }

  async without(host: string, caseIds: readonly string[]): Promise<string[]> {
    const forms = new Map(caseIds.flatMap((caseId) => this.fingerprints.known(caseId).map((form) => [form, caseId])));
    const rows = await acrossTeams('shared-account', () =>
      this.database.rows(sql<{ case_hash: string }>`
      select e.case_hash from integrations.erased_case e
      where e.case_hash = any(${[...forms.keys()]}::text[]) and ${isAt(host)}`),
    );
    const erased = new Set(rows.map(({ case_hash }) => forms.get(case_hash)));
    return caseIds.filter((caseId) => !erased.has(caseId));
  }
}
