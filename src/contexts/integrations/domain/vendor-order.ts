/**
 * The order: what we owe the vendor for one check. One row; every move is one conditional update, fenced by the attempt's
 * number, so that a queue may run a job twice and a sleeper may wake late without a second paid order.
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
 * What else must hold for a move, besides the state it starts from. Asked in the same statement that moves.
 * `wanted` nobody said that it must not be sent any more · `unwanted` the opposite ·
 * `proved_absent` at least two healthy looks did not find it, the last of them after its settling time ·
 * `never_resent` it was not sent again by itself before · `settled` whatever its attempts did would show by now.
 */
export type OrderGuard = 'wanted' | 'unwanted' | 'proved_absent' | 'never_resent' | 'settled';

interface Move {
  from: readonly OrderState[];
  to: OrderState;
  onlyIf?: readonly OrderGuard[];
}

/**
 * The moves there are. `claim` is committed before a socket opens: an order met in `sending` may have been sent, and no move
 * leads from there, or from `in_doubt`, back to `requested` without evidence that nothing happened.
 */
export const orderMoves = {
  claim: { from: ['requested'], to: 'sending', onlyIf: ['wanted'] },
  /**
   * The vendor named the case, in its answer or later. What is found late still counts as long as no other attempt began, even
   * when the order was about to be sent again.
   */
  place: { from: ['sending', 'in_doubt', 'needs_decision', 'requested'], to: 'ordered' },
  refuse: { from: ['sending', 'in_doubt'], to: 'rejected' },
  /** Proof that nothing was sent, or that the vendor did not execute it. */
  rearm: { from: ['sending'], to: 'requested' },
  doubt: { from: ['sending'], to: 'in_doubt' },
  /** Proved absent at the vendor: it may be sent once more. */
  resend: { from: ['in_doubt'], to: 'requested', onlyIf: ['wanted', 'proved_absent', 'never_resent'] },
  /** Proved absent, and nobody wants it any more. */
  giveUp: { from: ['in_doubt'], to: 'withdrawn', onlyIf: ['unwanted', 'proved_absent'] },
  /** Neither found nor proved absent in time, or several cases fit: a person must say. */
  ask: { from: ['in_doubt'], to: 'needs_decision' },
  /** A person said that the vendor does not have it. Not before it would show: nobody can know that earlier. */
  orderAnew: { from: ['needs_decision'], to: 'requested', onlyIf: ['wanted', 'settled'] },
  close: { from: ['needs_decision'], to: 'withdrawn', onlyIf: ['unwanted', 'settled'] },
  /** Cancelled before it was sent, or after an attempt of which nothing happened. */
  withdraw: { from: ['requested'], to: 'withdrawn', onlyIf: ['unwanted'] },
  /** The integration was switched off before it was sent. */
  drop: { from: ['requested'], to: 'withdrawn' },
} as const satisfies Record<string, Move>;
export type OrderMove = keyof typeof orderMoves;

/**
 * What an unsent order waits for: a person who looks at the connection, the operator who holds all orders, or, proved absent,
 * the hour in which its account may send another one again by itself.
 */
export type WaitingFor = 'connection_attention' | 'orders_held' | 'resends_of_the_hour';

export interface VendorOrder {
  teamId: string;
  id: string;
  connectionId: string;
  packageId: string;
  email: string;
  state: OrderState;
  /** Counts the attempts to send; the fence of every later move. */
  attempt: number;
  /** When the running attempt is certainly over. */
  deadline: Date | null;
  message: string | null;
  waitingFor: WaitingFor | null;
  caseId: string | null;
  /** It must never be sent (again): it was cancelled, or the integration switched off, when it may have been at the vendor. */
  doNotSend: boolean;
  /** When the first attempt that may have worked began: cases older than that are not its own. */
  unknownSince: Date | null;
  /** From when on a list that does not show it may be believed: the deadline plus the vendor's list lag at worst. */
  visibleAt: Date | null;
  /** How often it was looked for. */
  reconciliations: number;
  /** It was sent again by itself. */
  resent: boolean;
  /** When it is looked for next. */
  reconcileAt: Date | null;
  /** Case ids that fit equally well, for a person to choose from. */
  candidates: string[];
  /** Candidates of which a person said that it is none of them. */
  refusedCases: string[];
}

/** Where the case of an order came from: its answer, the list, a notice or the feed, or a person's word. */
export type FoundBy = 'response' | 'list' | 'notice' | 'person';
