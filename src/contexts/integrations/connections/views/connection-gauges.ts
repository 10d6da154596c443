import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { byLabel, Gauges, labelledAll } from '#platform/metrics/gauges';
import { keyWarningDays, VendorFacts } from '../vendor-facts.js';

/** Metrics of connections and their accounts, across all teams. */
@Injectable()
export class ConnectionGauges extends Gauges {
  readonly meanings = {
    vendor_accounts_paused:
      'Vendor accounts whose circuit breaker is open, or whose calls pause because the vendor asked for it',
    vendor_connections_requiring_action: 'Connections that require action: the vendor refuses their key or their calls',
    vendor_keys_ending_soon: `API keys that end within ${keyWarningDays} days`,
    vendor_key_days_left: 'Days until the first API key ends, at least; none for a vendor whose keys do not end',
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
    const rows = await this.database.rows(sql<Record<string, string | number | null>>`
      select v.vendor,
             (select count(distinct b.account_key)::int from integrations.circuit_breaker b
              join integrations.connection c on c.account_key = b.account_key and c.vendor = v.vendor
              where b.open_until > now() or b.throttled_until > now()) as vendor_accounts_paused,
             c.vendor_connections_requiring_action, c.vendor_keys_ending_soon, c.vendor_key_days_left
      from jsonb_to_recordset(${JSON.stringify(this.facts.keyLives())}::jsonb) as v (vendor text, days int)
      cross join lateral (
        select count(*) filter (where attention is not null)::int as vendor_connections_requiring_action,
               count(*) filter (where days_left <= ${keyWarningDays})::int as vendor_keys_ending_soon,
               coalesce(min(days_left), v.days)::float8 as vendor_key_days_left
        from (select attention, v.days - extract(epoch from now() - (api_key ->> 'savedAt')::timestamptz) / 86400 as days_left
              from integrations.connection where current and disabled_at is null and vendor = v.vendor) connection) c`);
    return byLabel('vendor', rows);
  }
}
