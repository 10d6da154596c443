import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Fingerprints } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { endedStates } from '../../../gateway/domain/vendor-terms.js';
import type { CaseSource } from '../../domain/case-links.js';
import { ErasedOrders, secondPassSeconds } from '../../domain/erased-orders.js';

/** The outcome is known, so the address is no longer needed to find a case. */
const isDecided = sql`state in ('ordered', 'rejected', 'withdrawn')`;

@Injectable()
export class PostgresErasedOrders extends ErasedOrders {
  constructor(
    private readonly database: Database,
    private readonly fingerprints: Fingerprints,
  ) {
    super();
  }

  async requestErasure(teamId: string, orderId: string): Promise<boolean> {
    const wanted = await this.database.affected(sql`
      update integrations.order
      set erase_wanted_at = coalesce(erase_wanted_at, now()), erase_due_at = now(), do_not_send = do_not_send or not ${isDecided}, updated_at = now()
      where team_id = ${teamId} and id = ${orderId}`);
    return wanted === 1;
  }

  async erasureRequestedForSeconds(teamId: string, orderId: string): Promise<number | null> {
    const row = await this.database.first(sql<{ seconds: number }>`
      select extract(epoch from now() - erase_wanted_at)::float8 as seconds from integrations.order
      where team_id = ${teamId} and id = ${orderId} and erase_wanted_at is not null`);
    return row && row.seconds;
  }

  async erasePerson(teamId: string, orderId: string): Promise<void> {
    await this.database.affected(sql`
      update integrations.order set email = '', email_canonical = '', message = null, updated_at = now()
      where team_id = ${teamId} and id = ${orderId} and ${isDecided}`);
  }

  async eraseCase(teamId: string, orderId: string): Promise<boolean> {
    const order = await this.database.first(sql<{ connection_id: string; host: string; done: boolean }>`
      select connection_id, split_part(account_key, '#', 1) as host, erased_at is not null as done from integrations.order
      where team_id = ${teamId} and id = ${orderId} for update`);
    if (!order) return false;
    const source = { teamId, id: order.connection_id, host: order.host };
    const caseIds = await this.remember(orderId, source);
    await this.eraseLastError(teamId, orderId);
    await this.eraseIdentifyingFields(orderId, source, caseIds);
    await this.database.affected(sql`
      update integrations.vendor_case set case_id = null, short_id = null
      where team_id = ${teamId} and order_id = ${orderId}`);
    await this.database.affected(sql`
      update integrations.order
      set email = '', email_canonical = '', message = null, case_id = null, candidates = '{}', refused_cases = '{}',
          erase_due_at = case when erased_at is null then now() + ${secondPassSeconds} * interval '1 second' end,
          erased_at = coalesce(erased_at, now()), nudges = 0, updated_at = now()
      where team_id = ${teamId} and id = ${orderId}`);
    return !order.done;
  }

  /**
   * Stores fingerprints of the order's case and of the cases that may have been its own and belong to no other order.
   * Returns the ids of these cases.
   */
  private async remember(orderId: string, { teamId, id, host }: CaseSource): Promise<string[]> {
    const rows = await acrossTeams('shared-account', () =>
      this.database.rows(sql<{ case_id: string }>`
      select distinct named.case_id
      from integrations.order o
      cross join lateral unnest(array_remove(array[o.case_id], null) || o.candidates || o.refused_cases) as named (case_id)
      where o.team_id = ${teamId} and o.id = ${orderId}
        and not exists (select 1 from integrations.case_directory d
                        where d.host = ${host} and d.case_id = named.case_id and (d.team_id, d.order_id) <> (o.team_id, o.id))`),
    );
    const caseIds = rows.map(({ case_id }) => case_id);
    await this.database.affected(sql`
      insert into integrations.erased_case (team_id, connection_id, case_hash, order_id, host)
      select ${teamId}::uuid, ${id}::uuid, fingerprint, ${orderId}::uuid, ${host}
      from unnest(${caseIds.map((caseId) => this.fingerprints.of(caseId))}::text[]) fingerprint
      on conflict do nothing`);
    return caseIds;
  }

  /** The connection's last error may name this case. */
  private async eraseLastError(teamId: string, orderId: string): Promise<void> {
    await this.database.affected(sql`
      update integrations.connection c set last_error = null
      from integrations.order o
      where o.team_id = ${teamId} and o.id = ${orderId} and c.team_id = o.team_id and c.id = o.connection_id
        and strpos(c.last_error::text, o.case_id) > 0`);
  }

  async planTry(teamId: string, orderId: string, inSeconds: number): Promise<boolean> {
    const planned = await this.database.affected(sql`
      update integrations.order
      set erase_due_at = now() + ${inSeconds}::float8 * interval '1 second', nudges = 0
      where team_id = ${teamId} and id = ${orderId} and coalesce(erase_due_at, '-infinity') <= now() + interval '1 second'`);
    return planned === 1;
  }

  async hasEnded(teamId: string, orderId: string): Promise<boolean> {
    const row = await this.database.first(sql`
      select 1 from integrations.order o
      where o.team_id = ${teamId} and o.id = ${orderId} and ${isDecided}
        and not exists (select 1 from integrations.vendor_case v
                        where v.team_id = o.team_id and v.order_id = o.id and v.state <> all(${[...endedStates]}::text[]))
      for update of o`);
    return row !== null;
  }

  async eraseSnapshot(teamId: string, orderId: string): Promise<void> {
    await this.database.affected(sql`
      delete from integrations.vendor_case where team_id = ${teamId} and order_id = ${orderId} and case_id is null`);
  }

  /** On the second pass the order no longer names a case. Rows that arrived in between are found by their fingerprints. */
  private async eraseIdentifyingFields(
    orderId: string,
    { teamId, id, host }: CaseSource,
    caseIds: string[],
  ): Promise<void> {
    const ofOrder = sql`team_id = ${teamId} and order_id = ${orderId}`;
    const ofCase = sql`(case_id = any(${caseIds}::text[]) or fingerprint = any(array(
      select e.case_hash from integrations.erased_case e where e.team_id = ${teamId} and e.order_id = ${orderId})))`;
    await this.database.affected(sql`delete from integrations.case_directory where ${ofOrder}`);
    await this.database.affected(sql`delete from integrations.inbound_event where ${ofOrder}`);
    await this.database.affected(sql`delete from integrations.report where ${ofOrder}`);
    // Teams that share an account receive each other's events, so the unmatched cases of other teams go, too.
    await acrossTeams('shared-account', () =>
      this.database.affected(sql`
      delete from integrations.unmatched_case u
      where ${ofCase} and not exists (select 1 from integrations.connection c
                                      where c.team_id = u.team_id and c.id = u.connection_id
                                        and split_part(c.account_key, '#', 1) <> ${host})`),
    );
    await this.database.affected(sql`
      delete from integrations.discrepancy
      where (${ofOrder}) or (team_id = ${teamId} and connection_id = ${id} and ${ofCase})`);
  }
}
