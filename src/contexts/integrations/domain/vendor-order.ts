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
 * The moves there are. `claim` is committed before a socket opens: an order met in `sending` may have been sent, and no move
 * leads from there, or from `in_doubt`, back to `requested` without evidence that nothing happened.
 */
export const orderMoves = {
  claim: { from: ['requested'], to: 'sending' },
  /** The vendor's answer named the case. A late answer of the same attempt still counts. */
  place: { from: ['sending', 'in_doubt'], to: 'ordered' },
  refuse: { from: ['sending'], to: 'rejected' },
  /** Proof that nothing was sent, or that the vendor did not execute it. */
  rearm: { from: ['sending'], to: 'requested' },
  doubt: { from: ['sending'], to: 'in_doubt' },
  withdraw: { from: ['requested'], to: 'withdrawn' },
  /** The integration was switched off before it was sent. */
  drop: { from: ['requested'], to: 'withdrawn' },
} as const satisfies Record<string, { from: readonly OrderState[]; to: OrderState }>;
export type OrderMove = keyof typeof orderMoves;

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
  waitingFor: 'connection_attention' | null;
  caseId: string | null;
}
