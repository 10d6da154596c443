import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { canonicalEmail } from '#kernel/email';
import { Fingerprints, Ids } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import type { Connection } from '../../../connections/domain/connection.js';
import type { VendorCase } from '../../../gateway/domain/vendor-terms.js';
import { ErasedCases } from '../../../orders/domain/erased-cases.js';
import { clockSkewMs } from '../../../orders/domain/order-match.js';
import { Discrepancies } from '../../domain/discrepancies.js';
import { IntegrationsSettings } from '../../../settings.js';

/** Repeats the condition of the index. Which cases such an order may have opened follows the rules of `fitOf`. */
const isUndecided = sql`o.state in ('sending', 'in_doubt', 'needs_decision')`;
const clockSkew = sql`interval '${sql.raw(String(clockSkewMs))} milliseconds'`;

@Injectable()
export class PostgresDiscrepancies extends Discrepancies {
  constructor(
    private readonly database: Database,
    private readonly settings: IntegrationsSettings,
    private readonly ids: Ids,
    private readonly fingerprints: Fingerprints,
    private readonly erasedCases: ErasedCases,
  ) {
    super();
  }

  async reconcileCases(connection: Connection, from: Date, to: Date, listed: VendorCase[]): Promise<void> {
    const { teamId, id } = connection;
    const extra = await this.withoutOrder(connection, listed);
    await this.database.affected(sql`
      delete from integrations.discrepancy
      where team_id = ${teamId} and connection_id = ${id} and kind = 'case_without_order'
        and ordered_at >= ${from} and ordered_at < ${to} and case_id <> all(${extra.map((found) => found.id)}::text[])`);
    for (const found of extra) {
      await this.database.affected(sql`
        insert into integrations.discrepancy (team_id, id, connection_id, kind, case_id, fingerprint, ordered_at)
        values (${teamId}, ${this.ids.next()}, ${id}, 'case_without_order', ${found.id},
                ${this.fingerprints.of(found.id)}, ${found.createdAt ?? from})
        on conflict (team_id, connection_id, kind, case_id) do nothing`);
    }
  }

  /**
   * Cases that no order has and that are old enough to have been linked. A case is left out while an order with an unknown
   * outcome may have opened it. That order may belong to any team at the same host, because teams may share an account.
   */
  private async withoutOrder({ host, createdAt }: Connection, listed: VendorCase[]): Promise<VendorCase[]> {
    const asked = listed.map((found) => ({
      case_id: found.id,
      email: found.email && canonicalEmail(found.email),
      package_id: found.packageId?.toLowerCase() ?? null,
      made_at: found.createdAt,
    }));
    const rows = await acrossTeams('shared-account', () =>
      this.database.rows(sql<{ case_id: string }>`
      select l.case_id
      from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as l (case_id text, email text, package_id text, made_at timestamptz)
      where coalesce(l.made_at, now()) < now() - ${this.settings.orders.visibilityLagSeconds} * interval '1 second'
        and l.made_at >= ${createdAt}
        and not exists (select 1 from integrations.case_directory d where d.host = ${host} and d.case_id = l.case_id)
        and not exists (select 1 from integrations.order o
                        where split_part(o.account_key, '#', 1) = ${host} and ${isUndecided}
                          and coalesce(l.email, o.email_canonical) = o.email_canonical
                          and coalesce(l.package_id, lower(o.package_id)) = lower(o.package_id)
                          and l.made_at between o.unknown_since - ${clockSkew} and o.visible_at
                          and l.case_id <> all(o.refused_cases))`),
    );
    const extra = new Set(
      await this.erasedCases.without(
        host,
        rows.map((row) => row.case_id),
      ),
    );
    return listed.filter((found) => extra.has(found.id));
  }

  caseIsGone(teamId: string, orderId: string): Promise<void> {
    return this.note('order_without_case', teamId, orderId);
  }

  caseIsUncancelled(teamId: string, orderId: string): Promise<void> {
    return this.note('cancel_unconfirmed', teamId, orderId);
  }

  private async note(kind: string, teamId: string, orderId: string): Promise<void> {
    await this.database.affected(sql`
      insert into integrations.discrepancy (team_id, id, connection_id, kind, case_id, order_id, ordered_at)
      select v.team_id, ${this.ids.next()}::uuid, v.connection_id, ${kind}, v.case_id, v.order_id, v.ordered_at
      from integrations.vendor_case v
      where v.team_id = ${teamId} and v.order_id = ${orderId} and v.case_id is not null
      on conflict (team_id, connection_id, kind, case_id) do nothing`);
  }

  async caseIsThere(teamId: string, orderIds: string[]): Promise<void> {
    if (orderIds.length === 0) return;
    await this.database.affected(sql`
      delete from integrations.discrepancy
      where team_id = ${teamId} and kind = 'order_without_case' and order_id = any(${orderIds}::uuid[])`);
  }

  async goneAmong(teamId: string, orderIds: string[]): Promise<Set<string>> {
    const rows = await this.database.rows(sql<{ order_id: string }>`
      select order_id from integrations.discrepancy
      where team_id = ${teamId} and kind = 'order_without_case' and order_id = any(${orderIds}::uuid[])`);
    return new Set(rows.map((row) => row.order_id));
  }
}
