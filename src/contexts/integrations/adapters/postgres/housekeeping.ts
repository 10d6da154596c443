import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { KeyedFingerprints, plainFingerprint } from '#platform/secrets/keyed-fingerprints';

/** Hashes of earlier releases get the installation's key. */
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
        insert into integrations.erased_case (team_id, connection_id, case_hash, order_id)
        select team_id, connection_id, ${this.fingerprints.ofPlain(case_hash)}, order_id from plain on conflict do nothing`);
    }
    return rows.length;
  }
}

/** What is of use for minutes or days only: the vendor's report ids, and cases that turned out to be nobody's. */
@Injectable()
export class ForgetWhatIsOver extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  async run(): Promise<number> {
    const reports = await this.database.affected(sql`
      delete from integrations.report where (team_id, order_id) in (
        select team_id, order_id from integrations.report
        where requested_at < now() - interval '1 hour' limit 500 for update skip locked)`);
    const orphans = await this.database.affected(sql`
      delete from integrations.orphan where (team_id, connection_id, case_id) in (
        select team_id, connection_id, case_id from integrations.orphan
        where received_at < now() - interval '7 days' limit 500 for update skip locked)`);
    const secrets = await this.database.affected(sql`
      update integrations.connection
      set previous_webhook_secret = null, previous_accepted_until = null, version = version + 1
      where previous_webhook_secret is not null and previous_accepted_until < now()`);
    return reports + orphans + secrets;
  }
}
