import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { Gauges } from '#platform/metrics/gauges';
import { keyLifeDays, keyWarningDays } from '../key-life.js';

/** Metrics of orders and connections, across all teams. */
@Injectable()
export class IntegrationGauges extends Gauges {
  readonly meanings = {
    certn_orders_in_doubt: 'Orders whose outcome is unknown and that are being reconciled',
    certn_orders_in_doubt_oldest_seconds: 'For how long the outcome of the oldest of them has been unknown',
    certn_orders_waiting_for_a_person: 'Orders that only a person can decide',
    certn_accounts_held:
      'Vendor accounts whose circuit breaker is open, or whose calls pause because Certn asked for it',
    certn_connections_needing_attention: 'Connections that require action: Certn refuses their key or their calls',
    certn_keys_ending_soon: `API keys that end within ${keyWarningDays} days`,
    certn_key_days_left: 'Days until the first API key ends, at least',
  };

  constructor(private readonly database: Database) {
    super();
  }

  async read(): Promise<Record<string, number>> {
    const row = await this.database.first(sql<Record<string, number>>`
      select o.*, b.*, c.* from
        (select count(*) filter (where state = 'in_doubt')::int as certn_orders_in_doubt,
                coalesce(extract(epoch from now() - min(doubted_from) filter (where state = 'in_doubt')), 0)::float8
                  as certn_orders_in_doubt_oldest_seconds,
                count(*) filter (where state = 'needs_decision')::int as certn_orders_waiting_for_a_person
         from integrations.vendor_order where state in ('in_doubt', 'needs_decision')) o,
        (select count(*)::int as certn_accounts_held
         from integrations.vendor_breaker where held_until > now() or throttled_until > now()) b,
        (select count(*) filter (where attention is not null)::int as certn_connections_needing_attention,
                count(*) filter (where days_left <= ${keyWarningDays})::int as certn_keys_ending_soon,
                coalesce(min(days_left), ${keyLifeDays})::float8 as certn_key_days_left
         from (select attention, ${keyLifeDays} - extract(epoch from now() - (api_key ->> 'savedAt')::timestamptz) / 86400
                 as days_left
               from integrations.connection where current and disabled_at is null) connection) c`);
    return row ?? {};
  }
}
