import type { Connection } from './connection.js';
import type { FoundBy, OrderMove, VendorOrder, WaitingFor } from './vendor-order.js';

/** What a move writes besides the state. */
export interface MoveDetails {
  message?: string | null;
  waitingFor?: WaitingFor | null;
  caseId?: string;
  foundBy?: FoundBy;
  candidates?: string[];
  /** `doubt` only: when it is looked for first. */
  reconcileAfterSeconds?: number;
}

/** How long one attempt may take, and how much longer the vendor's list may hide what came of it. */
export interface AttemptLimits {
  timeoutMs: number;
  visibilityLagSeconds: number;
}

/** When a requested order is tried next. `line`: it waits for its account's turn, behind those that were asked for before it. */
export interface Turn {
  inSeconds: number;
  line?: { accountKey: string; gapSeconds: number };
}

export type ClaimAnswer =
  | { kind: 'claimed'; order: VendorOrder }
  /** Another order to the same address of the same account is on its way: two could not be told apart. */
  | { kind: 'address_busy' }
  /** The database is not the one that was recorded: what it says of its orders may be out of date (`RestoredOrders`). */
  | { kind: 'restored' }
  | { kind: 'not_claimable' };

/** Orders of all teams. All moves are conditional updates: `false` says that the order was not where the move starts. */
export abstract class VendorOrders {
  /** `false`: the order was there already, in whatever state. */
  abstract addIfAbsent(
    order: { teamId: string; id: string; packageId: string; email: string; state?: 'withdrawn' },
    connection: Connection,
  ): Promise<boolean>;
  abstract find(teamId: string, id: string): Promise<VendorOrder | null>;
  /** Takes the order for one attempt. The deadline is on the database's clock. */
  abstract claim(teamId: string, id: string, connection: Connection, limits: AttemptLimits): Promise<ClaimAnswer>;
  /**
   * In how many seconds to try again because another order to the same address of that account is on its way, so that `claim`
   * would be of no use; null: none is. Of an order in doubt nothing new is known before the next look, mostly.
   */
  abstract addressIsBusyFor(teamId: string, id: string, accountKey: string): Promise<number | null>;
  /** `attempt` is the fence; null only for moves out of `requested`. */
  abstract move(
    teamId: string,
    id: string,
    move: Exclude<OrderMove, 'claim'>,
    attempt: number | null,
    details?: MoveDetails,
  ): Promise<boolean>;
  /** Whether a `sending` order's attempt is certainly over, by the database's clock. */
  abstract isOverdue(teamId: string, id: string): Promise<boolean>;
  /** For how many seconds more the vendor may still take what was sent, by the database's clock; 0: not any more. */
  abstract visibleInSeconds(teamId: string, id: string): Promise<number>;
  /** Marks a requested order as waiting, or as waiting no more. */
  abstract setWaiting(teamId: string, id: string, waitingFor: WaitingFor | null): Promise<void>;
  /** Marks an order that is not finished: it is never sent, or never sent again. Holds its row to the end of the unit of work. */
  abstract markDoNotSend(teamId: string, id: string): Promise<void>;
  /** Marks all orders of a team that are, or may be, at the vendor without a case of ours. */
  abstract markAllDoNotSend(teamId: string): Promise<void>;
  /**
   * Plans the next try of a requested order, on the database's clock and a little unevenly, and answers in how many seconds it
   * is: the caller publishes its job in the same unit of work. Null: it is not requested any more, or its turn is planned
   * already and has a job, so that a job that was delivered twice does not become two.
   */
  abstract planTurn(teamId: string, id: string, turn: Turn): Promise<number | null>;
  /** Whether an order of the account that was asked for earlier waits for a later moment. */
  abstract isBehindOthers(teamId: string, id: string, accountKey: string): Promise<boolean>;
  /** Requested orders of a team, oldest first. */
  abstract requestedOf(teamId: string): Promise<VendorOrder[]>;
}

/** Those who placed orders: the rules of sending are theirs, and an order may wait for hours. */
export abstract class OrderOwners {
  abstract stillWant(teamId: string, orderId: string): Promise<boolean>;
  /** Those of all teams that were asked for and have no answer; `PlaceOrder` may not have come yet. */
  abstract unanswered(): Promise<WantedOrder[]>;
}

export interface WantedOrder {
  teamId: string;
  id: string;
  packageId: string;
  email: string;
  /** By the clock of the replica that was asked. */
  wantedSince: Date;
}
