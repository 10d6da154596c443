import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { KeyedFingerprints, plainFingerprint } from '#platform/secrets/keyed-fingerprints';

interface Row {
  team_id: string;
  kind: string;
  fingerprint: string;
}

/** Replaces the hashes of earlier releases, which can be guessed without a key, by hashes with the installation's key. */
@Injectable()
export class KeyErasedIds extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly fingerprints: KeyedFingerprints,
  ) {
    super();
  }

  async run(): Promise<number> {
    const rows = await this.database.rows(sql<Row>`
      select team_id, kind, fingerprint from hiring.erased_external_id
      where fingerprint ~ ${plainFingerprint.source} limit 200`);
    for (const { team_id, kind, fingerprint } of rows) {
      await this.database.affected(sql`
        with plain as (
          delete from hiring.erased_external_id
          where team_id = ${team_id} and kind = ${kind} and fingerprint = ${fingerprint} returning *)
        insert into hiring.erased_external_id (team_id, kind, fingerprint, record_id)
        select team_id, kind, ${this.fingerprints.ofPlain(fingerprint)}, record_id from plain on conflict do nothing`);
    }
    return rows.length;
  }
}
