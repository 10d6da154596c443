import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { byLabel, Gauges, labelledAll } from '#platform/metrics/gauges';
import { ListVendors, type VendorFacts } from '../../contract.js';

/** Metrics of orders, across all teams. */
@Injectable()
export class OrderGauges extends Gauges {
  readonly meanings = {
    vendor_orders_outcome_unknown: 'Orders whose outcome is unknown and that are being reconciled',
    vendor_orders_outcome_unknown_oldest_seconds: 'For how long the outcome of the oldest of them has been unknown',
    vendor_orders_waiting_for_a_person: 'Orders that only a person can decide',
  };
  override readonly labels = labelledAll('vendor', this.meanings);
  override readonly formerNames = {
    vendor_orders_outcome_unknown: 'vendor_orders_in_doubt',
    vendor_orders_outcome_unknown_oldest_seconds: 'vendor_orders_in_doubt_oldest_seconds',
  };

  constructor(
    private readonly database: Database,
    private readonly queries: QueryBus,
  ) {
    super();
  }

  async read(): Promise<Record<string, Record<string, number>>> {
    const vendors = await this.queries.execute<ListVendors, VendorFacts[]>(new ListVendors());
    const rows = await this.database.rows(sql<Record<string, string | number>>`
      select v.vendor,
             count(*) filter (where state = 'in_doubt')::int as vendor_orders_outcome_unknown,
             coalesce(extract(epoch from now() - min(unknown_since) filter (where state = 'in_doubt')), 0)::float8
               as vendor_orders_outcome_unknown_oldest_seconds,
             count(*) filter (where state = 'needs_decision')::int as vendor_orders_waiting_for_a_person
      from unnest(${vendors.map(({ id }) => id)}::text[]) as v (vendor)
      left join (select c.vendor, o.state, o.unknown_since from integrations.order o
                 join integrations.connection c on c.team_id = o.team_id and c.id = o.connection_id
                 where o.state in ('in_doubt', 'needs_decision')) o on o.vendor = v.vendor
      group by v.vendor`);
    return byLabel('vendor', rows);
  }
}
