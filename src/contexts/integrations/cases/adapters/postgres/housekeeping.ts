import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { days, deleteOld, hours, type OldRows, pieceSize } from '#platform/housekeeping/old-rows';
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
        insert into integrations.erased_case (team_id, connection_id, case_hash, order_id)
        select team_id, connection_id, ${this.fingerprints.ofPlain(case_hash)}, order_id from plain on conflict do nothing`);
    }
    return rows.length;
  }
}

/** Deletes rows whose retention time is over, and previous webhook secrets that are no longer accepted. */
@Injectable()
export class DeleteExpired extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {
    super();
  }

  async run(): Promise<number> {
    const { rejectedSignatureDays, discrepancyDays } = this.settings.kept;
    const old: OldRows[] = [
      { table: 'integrations.report', since: 'requested_at', keptFor: hours(1) },
      { table: 'integrations.orphan', since: 'received_at', keptFor: days(7) },
      {
        table: 'integrations.rejected_signature',
        since: 'hour',
        keptFor: days(rejectedSignatureDays),
      },
      { table: 'integrations.finding', since: 'found_at', keptFor: days(discrepancyDays) },
    ];
    let ended = await this.endPreviousSecrets();
    for (const rows of old) ended += await this.database.affected(deleteOld(rows));
    return ended;
  }

  private endPreviousSecrets(): Promise<number> {
    return this.database.affected(sql`
      update integrations.connection
      set previous_webhook_secret = null, previous_accepted_until = null, version = version + 1
      where previous_webhook_secret is not null and previous_accepted_until < now()`);
  }
}

/**
 * Deletes a batch of old inbound events. Stored events identify repetitions. The newest of each connection stay, however old:
 * the events feed continues from there, and admins see when the last event arrived.
 */
export function deleteOldEvents(keptDays: number): RawBuilder<unknown> {
  const newest = (which: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    (select n.id from integrations.delivery n
     where n.team_id = t.team_id and n.connection_id = t.connection_id and ${which} order by n.id desc limit 1)`;
  const isOfNoConnection = sql`not exists (
    select from integrations.connection c where c.team_id = t.team_id and c.id = t.connection_id)`;
  return deleteOld({
    table: 'integrations.delivery',
    since: 'received_at',
    keptFor: days(keptDays),
    only: sql`(${isOfNoConnection} or (
      (t.event_id is null or t.id < ${newest(sql`n.event_id is not null`)})
      and (t.announced_at is null or t.id < ${newest(sql`n.announced_at is not null`)})))`,
  });
}

@Injectable()
export class DeleteOldInboundEvents extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {
    super();
  }

  run(): Promise<number> {
    return this.database.affected(deleteOldEvents(this.settings.kept.inboundEventDays));
  }
}

/** States of an order that may still lead to a case, or that waits for a person's decision. */
const unendedOrders = sql`('requested', 'sending', 'in_doubt', 'needs_decision')`;
const endedCases = sql`('complete', 'cancelled', 'declined', 'expired', 'undeliverable')`;

/**
 * Deletes a connection that was replaced by another one, once no open order or case uses it and its key has expired.
 * Its scheduled tasks, packages and secrets go with it. One connection per run.
 */
@Injectable()
export class DeleteRetiredConnections extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {
    super();
  }

  run(): Promise<number> {
    const goesWithIt = ['round', 'package', 'silence', 'rejected_signature', 'finding', 'orphan'].map(
      (table) => sql`${sql.ref(`gone_${table}`)} as (
        delete from ${sql.table(`integrations.${table}`)} r using retired c
        where r.team_id = c.team_id and r.connection_id = c.id)`,
    );
    return this.database.affected(sql`
      with retired as (
        select c.team_id, c.id from integrations.connection c
        where not c.current and c.updated_at < now() - ${days(this.settings.kept.retiredConnectionDays)}
          and not exists (select from integrations.vendor_order o
                          where o.team_id = c.team_id and o.connection_id = c.id and o.state in ${unendedOrders})
          and not exists (select from integrations.vendor_case v
                          where v.team_id = c.team_id and v.connection_id = c.id and v.state not in ${endedCases})
        limit 1 for update skip locked), ${sql.join(goesWithIt)}
      delete from integrations.connection c using retired where c.team_id = retired.team_id and c.id = retired.id`);
  }
}

/** Deletes budgets and circuit breakers of vendor accounts that had no call for a month. */
@Injectable()
export class DeleteIdleAccounts extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  async run(): Promise<number> {
    const budgets = await this.database.affected(sql`
      delete from integrations.vendor_budget where (account_key, span) in (
        select account_key, span from integrations.vendor_budget
        where last_call_at < now() - ${days(30)} limit ${pieceSize} for update skip locked)`);
    const breakers = await this.database.affected(sql`
      delete from integrations.vendor_breaker where account_key in (
        select b.account_key from integrations.vendor_breaker b
        where not exists (select from integrations.vendor_budget u where u.account_key = b.account_key)
          and not exists (select from integrations.connection c where c.account_key = b.account_key)
          and coalesce(greatest(b.held_until, b.spared_until, b.probe_until, b.throttled_until), '-infinity') < now()
        limit ${pieceSize} for update skip locked)`);
    return budgets + breakers;
  }
}
