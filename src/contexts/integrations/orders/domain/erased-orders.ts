/** An order is erased a second time after this many seconds, to remove what a concurrent request wrote during the first. */
export const secondPassSeconds = 10;

/** Orders to erase: no identifying field of a person or a case stays. */
export abstract class ErasedOrders {
  /** Marks the order for erasure. It is not sent from now on, nor sent again. `false`: there is no such order. */
  abstract requestErasure(teamId: string, orderId: string): Promise<boolean>;
  /** Seconds since the order was marked for erasure, on the database's clock; null: it is not marked. */
  abstract erasureRequestedForSeconds(teamId: string, orderId: string): Promise<number | null>;
  /** Erases the address. Does nothing while reconciliation still needs the address to find the order. */
  abstract erasePerson(teamId: string, orderId: string): Promise<void>;
  /**
   * Erases the case, its inbound events and discrepancies, and the vendor's messages about it. The fingerprint of the case id
   * stays, so that the case is recognised as erased when the vendor names it again. `false`: the case was erased before; this
   * call erased what came since.
   */
  abstract eraseCase(teamId: string, orderId: string): Promise<boolean>;
  /**
   * Plans the next attempt; the caller publishes its job in the same unit of work. `false`: one is already planned, so a job
   * that runs twice does not become two.
   */
  abstract planTry(teamId: string, orderId: string, inSeconds: number): Promise<boolean>;
  /** Whether the order is decided and its case, if any, has ended. Locks both until the transaction ends. */
  abstract hasEnded(teamId: string, orderId: string): Promise<boolean>;
  /** Erases the last known state of the case, which is all that is left of it. Does nothing before `eraseCase`. */
  abstract eraseSnapshot(teamId: string, orderId: string): Promise<void>;
}
