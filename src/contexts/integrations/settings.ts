import type { Reader } from '#platform/config/reader';
import { publicUrlIn } from '#platform/config/settings';

/** The settings of the four rooms. Those of a vendor are in its folder. */
export abstract class IntegrationsSettings {
  /** `failures`: after this many failed orders in a row the circuit breaker of an account opens; `seconds`: its cool-down, each time. */
  abstract readonly breaker: { failures: number; seconds: number[] };
  /** The address at which vendors reach the service; `PUBLIC_URL` unless it is set. */
  abstract readonly webhookPublicUrl: string;
  /** How often a team may test a connection in a minute. */
  abstract readonly connectionTestsPerMinute: number;
  /**
   * `held`: no order is sent · `resends`: how often an order that is proved absent is sent again automatically; `resendsPerHour`: per
   * account.
   */
  abstract readonly orders: {
    held: boolean;
    timeoutMs: number;
    outcomeUnknownSeconds: number[];
    visibilityLagSeconds: number;
    resends: number;
    resendsPerHour: number;
  };
  /** Desired seconds for one sweep over the open cases. */
  abstract readonly sweepSeconds: number;
  /** From one address to one replica: webhook requests that no connection accepted. */
  abstract readonly failedWebhooksPerMinute: number;
  /** How many days rows are kept that would otherwise only accumulate; `docs/retention.md` has the whole list. */
  abstract readonly kept: {
    inboundEventDays: number;
    rejectedSignatureDays: number;
    discrepancyDays: number;
    retiredConnectionDays: number;
  };
}

/** Names that changed in 0.7.0: the present one, and the one before. */
const renamed = {
  ORDER_OUTCOME_UNKNOWN_SECONDS: 'ORDER_DOUBT_SECONDS',
  ORDER_VISIBILITY_LAG_SECONDS: 'ORDER_SETTLE_SECONDS',
  FAILED_WEBHOOKS_PER_MINUTE: 'FAILED_NOTICES_PER_MINUTE',
};

export function integrationsSettings(reader: Reader): IntegrationsSettings {
  for (const [present, former] of Object.entries(renamed)) reader.renamed(present, former);
  return {
    orders: {
      held: reader.oneOf('ORDERS_HELD', ['true', 'false'], 'false') === 'true',
      timeoutMs: reader.number('ORDER_TIMEOUT_MS', 20_000, 100, 60_000),
      outcomeUnknownSeconds: reader.growingSeconds('ORDER_OUTCOME_UNKNOWN_SECONDS', '30,120,600,1800'),
      visibilityLagSeconds: reader.number('ORDER_VISIBILITY_LAG_SECONDS', 900, 1, 86_400),
      resends: reader.number('ORDER_RESENDS', 1, 0, 1),
      resendsPerHour: reader.number('ORDER_RESENDS_PER_HOUR', 20, 0, 100_000),
    },
    breaker: {
      failures: reader.number('ORDER_BREAKER_FAILURES', 5, 0, 1000),
      seconds: reader.growingSeconds('ORDER_BREAKER_SECONDS', '10,20,40,80,160,300'),
    },
    webhookPublicUrl: reader.url('WEBHOOK_PUBLIC_URL', reader.text('WEBHOOK_PUBLIC_URL') ?? publicUrlIn(reader)),
    connectionTestsPerMinute: reader.number('CONNECTION_TESTS_PER_MINUTE', 10, 1, 10_000_000),
    sweepSeconds: reader.number('SWEEP_SECONDS', 600, 1, 86_400),
    failedWebhooksPerMinute: reader.number('FAILED_WEBHOOKS_PER_MINUTE', 300, 1, 10_000_000),
    kept: {
      // The vendor repeats an event for a few days at most. An older repeat would count as new and cause one more read of the case.
      inboundEventDays: reader.number('INBOUND_EVENT_DAYS', 90, 7, 3650),
      // The count that admins see covers 24 hours.
      rejectedSignatureDays: reader.number('REJECTED_SIGNATURE_DAYS', 30, 2, 3650),
      // The daily reconciliation covers 90 days.
      discrepancyDays: reader.number('DISCREPANCY_DAYS', 400, 90, 3650),
      // A vendor key is valid for a year: until then reports can be downloaded with it.
      retiredConnectionDays: reader.number('RETIRED_CONNECTION_DAYS', 400, 90, 3650),
    },
  };
}
