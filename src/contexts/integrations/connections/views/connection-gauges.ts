import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { allUnder, Gauges, labelledAll } from '#platform/metrics/gauges';
import { onlyVendor } from '../../contract.js';
import { keyWarningDays, VendorFacts } from '../vendor-facts.js';

/** Metrics of connections and their accounts, across all teams. */
@Injectable()
export class ConnectionGauges extends Gauges {
  readonly meanings = {
    vendor_accounts_paused:
      'Vendor accounts whose circuit breaker is open, or whose calls pause because the vendor asked for it',
    vendor_connections_requiring_action: 'Connections that require action: the vendor refuses their key or their calls',
    vendor_keys_ending_soon: `API keys that end within ${keyWarningDays} days`,
    vendor_key_days_left: 'Days until the first API key ends, at least',
  };
  override readonly labels = labelledAll('vendor', this.meanings);
  override readonly formerNames = {
    vendor_accounts_paused: 'vendor_accounts_held',
    vendor_connections_requiring_action: 'vendor_connections_needing_attention',
  };

  constructor(
    private readonly database: Database,
    private readonly facts: VendorFacts,
  ) {
    super();
  }

  async read(): Promise<Record<string, Record<string, number>>> {
    const lives = this.facts.keyLives();
    const longest = Math.max(0, ...lives.map(({ days }) => days));
    const row = await this.database.first(sql<Record<string, number>>`
      select b.*, c.* from
        (select count(*)::int as vendor_accounts_paused
         from integrations.circuit_breaker where open_until > now() or throttled_until > now()) b,
        (select count(*) filter (where attention is not null)::int as vendor_connections_requiring_action,
                count(*) filter (where days_left <= ${keyWarningDays})::int as vendor_keys_ending_soon,
                coalesce(min(days_left), ${longest})::float8 as vendor_key_days_left
         from (select attention, life.days - extract(epoch from now() - (api_key ->> 'savedAt')::timestamptz) / 86400
                 as days_left
               from integrations.connection
               left join jsonb_to_recordset(${JSON.stringify(lives)}::jsonb) as life (vendor text, days int) using (vendor)
               where current and disabled_at is null) connection) c`);
    return allUnder(onlyVendor.id, row ?? {});
  }
}
