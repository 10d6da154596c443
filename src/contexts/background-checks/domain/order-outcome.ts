import type { CheckStatus } from './check-status.js';
import type { OrderStatus } from './order-status.js';

export type FailureReason =
  | 'refused_by_certn'
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

const sentences: Record<FailureReason, string> = {
  refused_by_certn: 'Certn refused the request.',
  connection_attention: 'Certn rejected the API key. The check is on hold until an admin updates it.',
  orders_held: 'All checks are on hold. This one is sent automatically afterwards.',
  resends_of_the_hour:
    'Certn did not take the request. It is resent automatically. The number of resends per hour is limited.',
  integration_disabled: 'Certn was disabled before the check was sent.',
  application_closed: 'The application was closed before the check was sent.',
  withdrawn: 'The check was cancelled before it was sent to Certn.',
  cancel_unconfirmed: 'Certn has not confirmed the cancellation. Cancel the check in Certn, or try again here.',
  needs_decision: 'It is unknown whether Certn took the request. An admin must decide.',
};

const failed = (reason: FailureReason, message: string | null = null, candidates: readonly string[] = []): Failure => ({
  reason,
  message: message ?? sentences[reason],
  candidates,
});

/** The vendor was asked to cancel it `tries` times and never showed it cancelled. */
export const cancelUnconfirmed = (tries: number): Failure =>
  failed(
    'cancel_unconfirmed',
    `Certn has not confirmed the cancellation after ${tries} requests. Cancel the check in Certn, or try again here.`,
  );

/** The outcome that an order without a case gives its check, and its source. */
export interface OrderOutcome {
  status: CheckStatus;
  failure: Failure | null;
  source: 'certn' | 'system';
}

/** Cancelled before the order was sent. */
export const cancelledUnsent = (): Pick<OrderOutcome, 'status' | 'failure'> => ({
  status: 'cancelled',
  failure: failed('withdrawn'),
});

/** Why an order was withdrawn. */
export type WithdrawnBecause = 'cancelled' | 'application_closed' | 'integration_disabled';

export function outcomeOfOrder(order: OrderStatus, withdrawnBecause: WithdrawnBecause): OrderOutcome {
  const { state, message, candidates, connectionActionRequired, held, waitsToBeResent } = order;
  switch (state) {
    case 'waiting': {
      const failure = held
        ? failed('orders_held')
        : connectionActionRequired
          ? failed('connection_attention', message)
          : null;
      return { status: 'requested', failure, source: 'system' };
    }
    case 'confirming':
      return {
        status: 'confirming',
        failure: waitsToBeResent ? failed('resends_of_the_hour') : null,
        source: 'system',
      };
    case 'needs_decision':
      return { status: 'needs_decision', failure: failed('needs_decision', message, candidates), source: 'system' };
    case 'placed':
      return { status: 'sent', failure: null, source: 'certn' };
    case 'refused':
      return { status: 'not_sent', failure: failed('refused_by_certn', message), source: 'certn' };
    case 'withdrawn': {
      if (withdrawnBecause === 'cancelled') return { ...cancelledUnsent(), source: 'system' };
      return { status: 'not_sent', failure: failed(withdrawnBecause), source: 'system' };
    }
  }
}
