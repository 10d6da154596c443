import type { CheckStatus } from './check-status.js';
import type { OrderStatus, OrderVendor } from './order-status.js';

/** Why a check does not proceed. A refusal names its vendor by its id, as rows of older releases do. */
export type FailureReason =
  | `refused_by_${string}`
  | 'connection_attention'
  | 'orders_held'
  | 'resends_of_the_hour'
  | 'integration_disabled'
  | 'application_closed'
  | 'withdrawn'
  | 'needs_decision'
  | 'cancel_unconfirmed';

/** Why a check does not proceed. `candidates`: the ids of the vendor's cases from which a person must choose. */
export interface Failure {
  reason: FailureReason;
  message: string;
  candidates: readonly string[];
}

const refusedBy = ({ id }: OrderVendor): FailureReason => `refused_by_${id}`;

const failed = (reason: FailureReason, message: string, candidates: readonly string[] = []): Failure => ({
  reason,
  message,
  candidates,
});

/** The vendor was asked to cancel it `tries` times and never showed it cancelled. */
export const cancelUnconfirmed = (vendorName: string, tries: number): Failure =>
  failed(
    'cancel_unconfirmed',
    `${vendorName} has not confirmed the cancellation after ${tries} requests. Cancel the check in ${vendorName}, or try again here.`,
  );

/** The outcome that an order without a case gives its check, and its source. */
export interface OrderOutcome {
  status: CheckStatus;
  failure: Failure | null;
  source: 'vendor' | 'system';
}

/** Cancelled before the order was sent. */
export const cancelledUnsent = (): Pick<OrderOutcome, 'status' | 'failure'> => ({
  status: 'cancelled',
  failure: failed('withdrawn', 'The check was cancelled before it was sent.'),
});

/** Why an order was withdrawn. */
export type WithdrawnBecause = 'cancelled' | 'application_closed' | 'integration_disabled';

const whyWithdrawn = ({ name }: OrderVendor): Record<Exclude<WithdrawnBecause, 'cancelled'>, string> => ({
  application_closed: 'The application was closed before the check was sent.',
  integration_disabled: `${name} was disabled before the check was sent.`,
});

/** Why an order waits that is not sent yet; null: it is its turn soon. */
function whyWaiting({ vendor, message, connectionActionRequired, held }: OrderStatus): Failure | null {
  if (held) return failed('orders_held', 'All checks are on hold. This one is sent automatically afterwards.');
  if (!connectionActionRequired) return null;
  const rejected = `${vendor.name} rejected the API key. The check is on hold until an admin updates it.`;
  return failed('connection_attention', message ?? rejected);
}

export function outcomeOfOrder(order: OrderStatus, withdrawnBecause: WithdrawnBecause): OrderOutcome {
  const { state, vendor, message, candidates, waitsToBeResent } = order;
  switch (state) {
    case 'waiting':
      return { status: 'requested', failure: whyWaiting(order), source: 'system' };
    case 'confirming': {
      const resent = `${vendor.name} did not take the request. It is resent automatically. The number of resends per hour is limited.`;
      return {
        status: 'confirming',
        failure: waitsToBeResent ? failed('resends_of_the_hour', resent) : null,
        source: 'system',
      };
    }
    case 'needs_decision': {
      const unknown = `It is unknown whether ${vendor.name} took the request. An admin must decide.`;
      return {
        status: 'needs_decision',
        failure: failed('needs_decision', message ?? unknown, candidates),
        source: 'system',
      };
    }
    case 'placed':
      return { status: 'sent', failure: null, source: 'vendor' };
    case 'refused': {
      const failure = failed(refusedBy(vendor), message ?? `${vendor.name} refused the request.`);
      return { status: 'not_sent', failure, source: 'vendor' };
    }
    case 'withdrawn': {
      if (withdrawnBecause === 'cancelled') return { ...cancelledUnsent(), source: 'system' };
      const failure = failed(withdrawnBecause, whyWithdrawn(vendor)[withdrawnBecause]);
      return { status: 'not_sent', failure, source: 'system' };
    }
  }
}
