/**
 * An order at the vendor for one check. It costs money, so it is placed at most once. One row per order. Every move is one
 * conditional update, fenced by the attempt's number: a job that runs twice, or a process that wakes late, cannot place a
 * second paid order.
 */
export const orderStates = [
  'requested',
  'sending',
  'in_doubt',
  'ordered',
  'rejected',
  'needs_decision',
  'withdrawn',
] as const;
export type OrderState = (typeof orderStates)[number];

/**
 * Conditions of a move besides the state it starts from. Checked in the statement that makes the move.
 * `wanted` the order is not marked `doNotSend` · `unwanted` it is marked ·
 * `proved_absent` at least two healthy reconciliations did not find it, the last of them after the visibility lag ·
 * `never_resent` it has not been resent automatically before · `visible` the visibility lag has passed, so anything that its
 * attempts created is in the list by now.
 */
export type OrderGuard = 'wanted' | 'unwanted' | 'proved_absent' | 'never_resent' | 'visible';

interface Move {
  from: readonly OrderState[];
  to: OrderState;
  onlyIf?: readonly OrderGuard[];
}

/**
 * All moves. `claim` is committed before a socket opens, so an order found in `sending` may have been sent. No move leads from
 * `sending` or `in_doubt` back to `requested` without evidence that the vendor did not execute the order. `claimAgain` is only for
 * vendors that recognise the order's id.
 */
export const orderMoves = {
  claim: { from: ['requested'], to: 'sending', onlyIf: ['wanted'] },
  /** The same order is sent again with the same id, after the visibility lag (`unknown-outcome-rules.ts`). */
  claimAgain: { from: ['in_doubt'], to: 'sending', onlyIf: ['wanted', 'visible'] },
  /**
   * The vendor named the case, in its answer or later. A case found late still counts as long as no other attempt has begun,
   * even when the order was about to be resent.
   */
  place: { from: ['sending', 'in_doubt', 'needs_decision', 'requested'], to: 'ordered' },
  refuse: { from: ['sending', 'in_doubt'], to: 'rejected' },
  /** It is proved that nothing was sent, or that the vendor did not execute it. */
  returnToRequested: { from: ['sending'], to: 'requested' },
  /** The answer was lost: the vendor may have executed the order. */
  markUnknown: { from: ['sending'], to: 'in_doubt' },
  /** Proved absent at the vendor: it may be resent once. */
  resend: { from: ['in_doubt'], to: 'requested', onlyIf: ['wanted', 'proved_absent', 'never_resent'] },
  /** Proved absent, and no longer wanted. */
  giveUp: { from: ['in_doubt'], to: 'withdrawn', onlyIf: ['unwanted', 'proved_absent'] },
  /** Neither found nor proved absent in time, or several cases fit: a person must decide. */
  ask: { from: ['in_doubt'], to: 'needs_decision' },
  /** A person said that the vendor does not have it. Only after the visibility lag: a case may not show before. */
  sendAgain: { from: ['needs_decision'], to: 'requested', onlyIf: ['wanted', 'visible'] },
  close: { from: ['needs_decision'], to: 'withdrawn', onlyIf: ['unwanted', 'visible'] },
  /** Cancelled before it was sent, or after an attempt that the vendor did not execute. */
  withdraw: { from: ['requested'], to: 'withdrawn', onlyIf: ['unwanted'] },
  /** The integration was switched off before it was sent. */
  drop: { from: ['requested'], to: 'withdrawn' },
} as const satisfies Record<string, Move>;
export type OrderMove = keyof typeof orderMoves;

/**
 * What an unsent order waits for. `connection_attention`: a person must fix the connection · `orders_held`: the operator holds
 * all orders · `resends_of_the_hour`: it is proved absent, and its account has used up the automatic resends of this hour.
 */
export type WaitingFor = 'connection_attention' | 'orders_held' | 'resends_of_the_hour';

export interface VendorOrder {
  teamId: string;
  id: string;
  connectionId: string;
  packageId: string;
  email: string;
  state: OrderState;
  /** Number of attempts to send so far. Every later move is fenced by it. */
  attempt: number;
  /** When the current attempt is certainly over. */
  deadline: Date | null;
  message: string | null;
  waitingFor: WaitingFor | null;
  caseId: string | null;
  /** It must not be sent or resent: it was cancelled, or the integration was switched off, when it may have been at the vendor. */
  doNotSend: boolean;
  /** When the first attempt of unknown outcome began. Older cases cannot belong to this order. */
  unknownSince: Date | null;
  /** From when on a list that does not show it proves absence: the deadline plus the longest visibility lag of the list. */
  visibleAt: Date | null;
  /** How often it was reconciled. */
  reconciliations: number;
  /** It was resent automatically. */
  resent: boolean;
  /** When it is reconciled next. */
  reconcileAt: Date | null;
  /** Case ids that fit equally well, for a person to choose from. */
  candidates: string[];
  /** Case ids that a person ruled out. */
  refusedCases: string[];
}

/** How the case of an order was found: the answer to the order, the list, an event (webhook or feed), or a person's decision. */
export type FoundBy = 'response' | 'list' | 'notice' | 'person';
