import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import type { VendorCase } from '../../../gateway/domain/vendor-terms.js';
import { type CaseSource, CaseLinks } from '../../domain/case-links.js';
import { PostgresErasedCases } from './postgres-erased-cases.js';

@Injectable()
export class PostgresCaseLinks extends CaseLinks {
  constructor(
    private readonly database: Database,
    private readonly erasedCases: PostgresErasedCases,
  ) {
    super();
  }

  async link(
    order: { teamId: string; id: string; connectionId: string },
    host: string,
    snapshot: VendorCase,
  ): Promise<boolean> {
    const linked = await acrossTeams('shared-account', () =>
      this.database.affected(sql`
      insert into integrations.case_directory (host, case_id, team_id, order_id)
      select ${host}, asked.case_id, ${order.teamId}, ${order.id}
      from (select ${snapshot.id}::text as case_id) asked where not ${this.erasedCases.has(host, snapshot.id)}
      on conflict (host, case_id) do nothing`),
    );
    if (linked === 0) return false;
    await this.database.affected(sql`
      insert into integrations.vendor_case
        (team_id, order_id, connection_id, case_id, short_id, state, result, vendor_status, vendor_score, revision,
         confirmed_at, read_at, ordered_at)
      values (${order.teamId}, ${order.id}, ${order.connectionId}, ${snapshot.id}, ${snapshot.shortId}, ${snapshot.state},
              ${snapshot.result}, ${snapshot.vendorStatus}, ${snapshot.vendorScore}, 1,
              now(), now(), coalesce(${snapshot.createdAt}::timestamptz, now()))`);
    return true;
  }

  async storeUnmatchedCase({ teamId, id, host }: CaseSource, caseId: string): Promise<string | null> {
    const fingerprint = this.erasedCases.fingerprints.of(caseId);
    const kept = await acrossTeams('shared-account', () =>
      this.database.first(sql<{ fingerprint: string }>`
      insert into integrations.unmatched_case as o (team_id, connection_id, case_id, fingerprint)
      select ${teamId}::uuid, ${id}::uuid, ${caseId}::text, ${fingerprint}::text
      where not ${this.erasedCases.has(host, caseId)}
      on conflict (team_id, connection_id, case_id) do update set fingerprint = excluded.fingerprint returning fingerprint`),
    );
    return kept?.fingerprint ?? null;
  }

  async unmatchedCase(teamId: string, connectionId: string, caseHash: string): Promise<string | null> {
    const row = await this.database.first(sql<{ case_id: string }>`
      select case_id from integrations.unmatched_case
      where team_id = ${teamId} and connection_id = ${connectionId} and fingerprint = ${caseHash}`);
    return row?.case_id ?? null;
  }

  async takeUnmatchedCase(teamId: string, connectionId: string, caseId: string): Promise<boolean> {
    const taken = await this.database.affected(sql`
      delete from integrations.unmatched_case
      where team_id = ${teamId} and connection_id = ${connectionId} and case_id = ${caseId}`);
    return taken === 1;
  }
}
