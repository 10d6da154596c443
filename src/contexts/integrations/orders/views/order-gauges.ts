import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { allUnder, Gauges, labelledAll } from '#platform/metrics/gauges';
import { onlyVendor } from '../../contract.js';

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

  constructor(private readonly database: Database) {
    super();
  }

  async read(): Promise<Record<string, Record<string, number>>> {
    const row = await this.database.first(sql<Record<string, number>>`
      select count(*) filter (where state = 'in_doubt')::int as vendor_orders_outcome_unknown,
             coalesce(extract(epoch from now() - min(unknown_since) filter (where state = 'in_doubt')), 0)::float8
               as vendor_orders_outcome_unknown_oldest_seconds,
             count(*) filter (where state = 'needs_decision')::int as vendor_orders_waiting_for_a_person
      from integrations.order where state in ('in_doubt', 'needs_decision')`);
    return allUnder(onlyVendor.id, row ?? {});
  }
}
