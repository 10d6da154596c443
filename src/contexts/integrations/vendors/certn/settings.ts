import type { Reader } from '#platform/config/reader';
import type { CallLimits } from '../../gateway/domain/vendor.js';

export interface CertnSettings {
  /** Replaces the hosts of every region and environment; null: Certn's own. */
  baseUrl: string | null;
  limits: CallLimits;
  /** Hosts outside Certn's domain that reports may be downloaded from. */
  reportHosts: string[];
}

export function certnSettings(reader: Reader): CertnSettings {
  const baseUrl = reader.text('CERTN_BASE_URL');
  return {
    baseUrl: baseUrl === null ? null : reader.url('CERTN_BASE_URL', baseUrl),
    limits: {
      requestsPerMinute: reader.number('CERTN_REQUESTS_PER_MINUTE', 60, 1, 100_000),
      requestsPerDay: reader.number('CERTN_REQUESTS_PER_DAY', 7220, 1, 10_000_000),
      ordersPerDay: reader.number('CERTN_ORDERS_PER_DAY', 1000, 1, 10_000_000),
    },
    reportHosts: reader.hostNames('CERTN_REPORT_HOSTS'),
  };
}
