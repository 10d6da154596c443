import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { KeyedFingerprints, plainFingerprint } from '#platform/secrets/keyed-fingerprints';

/** Replaces the plain hashes that earlier releases stored by hashes with the installation's key. */
@Injectable()
export class KeyErasedCases extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly fingerprints: KeyedFingerprints,
  ) {
    super();
  }

  async run(): Promise<number> {
    const rows = await this.database.rows(sql<{ team_id: string; connection_id: string; case_hash: string }>`
      select team_id, connection_id, case_hash from integrations.erased_case
      where case_hash ~ ${plainFingerprint.source} limit 200`);
    for (const { team_id, connection_id, case_hash } of rows) {
      await this.database.affected(sql`
        with plain as (
          delete from integrations.erased_case
          where team_id = ${team_id} and connection_id = ${connection_id} and case_hash = ${case_hash} returning *)
        insert into integrations.erased_case (team_id, connection_id, case_hash, order_id, host)
        select team_id, connection_id, ${this.fingerprints.ofPlain(case_hash)}, order_id, host from plain on conflict do nothing`);
    }
    return rows.length;
  }
}
