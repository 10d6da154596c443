import type { Connection } from '../../connections/domain/connection.js';
import type { PlacedOrders } from '../../connections/domain/placed-orders.js';
import type { FoundBy, OrderMove, VendorOrder, WaitingFor } from './vendor-order.js';

/** What a move writes besides the state. */
export interface MoveDetails {
  message?: string | null;
  waitingFor?: WaitingFor | null;
  caseId?: string;
  foundBy?: FoundBy;
  candidates?: string[];
  /** `markUnknown` only: seconds until the first reconciliation. */
  reconcileAfterSeconds?: number;
}

/** How long one attempt may take, and how much longer the vendor's list may not show its case. */
export interface AttemptLimits {
  timeoutMs: number;
  visibilityLagSeconds: number;
}

/** When a requested order is tried next. `line`: it waits behind earlier orders of its account, `gapSeconds` apart. */
export interface Turn {
  inSeconds: number;
  line?: { accountKey: string; gapSeconds: number };
}

/** The moves that begin an attempt. */
export type ClaimMove = 'claim' | 'claimAgain';

export type ClaimAnswer =
  | { kind: 'claimed'; order: VendorOrder }
  /** Another order of the same account to the same address is in progress; their cases could not be told apart. */
  | { kind: 'address_busy' }
  /** The database is not the recorded one, so its orders may be out of date (`RestoredOrders`). */
  | { kind: 'restored' }
  | { kind: 'not_claimable' };

/** Orders of all teams. All moves are conditional updates; `false`: the order was not in a state the move starts from. */
export abstract class VendorOrders implements PlacedOrders {
  /** `false`: the order exists already, in any state. */
  abstract addIfAbsent(
    order: { teamId: string; id: string; packageId: string; email: string; state?: 'withdrawn' },
    connection: Connection,
  ): Promise<boolean>;
  abstract find(teamId: string, id: string): Promise<VendorOrder | null>;
  /** Takes the order for one attempt. The deadline is on the database's clock. */
  abstract claim(
    teamId: string,
    id: string,
    connection: Connection,
    limits: AttemptLimits,
    move?: ClaimMove,
  ): Promise<ClaimAnswer>;
  /**
   * Seconds until the next try, because another order of that account to the same address is in progress and `claim` would
   * fail; null: none is. If that order's outcome is unknown, this is usually the time of its next reconciliation.
   */
  abstract addressIsBusyFor(teamId: string, id: string, accountKey: string): Promise<number | null>;
  /** `attempt` is the fence; null only for moves out of `requested`. */
  abstract move(
    teamId: string,
    id: string,
    move: Exclude<OrderMove, ClaimMove>,
    attempt: number | null,
    details?: MoveDetails,
  ): Promise<boolean>;
  /** Whether the attempt of a `sending` order is certainly over, by the database's clock. */
  abstract isOverdue(teamId: string, id: string): Promise<boolean>;
  /** Seconds until the visibility lag of what was sent has passed, by the database's clock; 0: it has. */
  abstract visibleInSeconds(teamId: string, id: string): Promise<number>;
  /** Sets or clears what a requested order waits for. */
  abstract setWaiting(teamId: string, id: string, waitingFor: WaitingFor | null): Promise<void>;
  /** Marks an unfinished order so that it is not sent or resent. Locks its row until the unit of work ends. */
  abstract markDoNotSend(teamId: string, id: string): Promise<void>;
  /** Marks all orders of a team at this vendor that are being sent or of unknown outcome. */
  abstract markAllDoNotSend(teamId: string, vendor: string): Promise<void>;
  /**
   * Plans the next try of a requested order, on the database's clock with some jitter, and returns the seconds until then. The
   * caller publishes its job in the same unit of work. Null: the order is no longer requested, or its turn is already planned
   * and has a job, so that a job that runs twice does not become two.
   */
  abstract planTurn(teamId: string, id: string, turn: Turn): Promise<number | null>;
  /** Whether an earlier order of the account is planned for a later time. */
  abstract isBehindOthers(teamId: string, id: string, accountKey: string): Promise<boolean>;
  /** Requested orders of a team, oldest first. */
  abstract requestedOf(teamId: string): Promise<VendorOrder[]>;
}

/** The context that placed the orders. It decides whether an order may still be sent, because an order may wait for hours. */
export abstract class OrderOwners {
  abstract stillWant(teamId: string, orderId: string): Promise<boolean>;
  /** Orders of all teams that were requested and have no outcome yet. `PlaceOrder` may not have arrived for some. */
  abstract unplaced(): Promise<WantedOrder[]>;
}

export interface WantedOrder {
  teamId: string;
  id: string;
  vendor: string;
  packageId: string;
  email: string;
  /** By the clock of the replica that took the request. */
  wantedSince: Date;
}
