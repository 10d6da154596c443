/** So long after an order was forgotten it is forgotten once more: what a request of the last moment wrote is gone by then, too. */
export const onceMoreSeconds = 10;

/** Orders whose candidates were anonymised: nothing stays that leads to a person or a case. */
export abstract class ErasedOrders {
  /** From here on the order is to be forgotten, and never sent (again). `false`: there is no such order. */
  abstract want(teamId: string, orderId: string): Promise<boolean>;
  /** For how many seconds that has been wanted, on the database's clock; null: it is not. */
  abstract wantedForSeconds(teamId: string, orderId: string): Promise<number | null>;
  /** Forgets the address, as soon as nothing has to be found by it any more. Nothing happens before. */
  abstract erasePerson(teamId: string, orderId: string): Promise<void>;
  /**
   * Forgets the case, the notices and findings about it, and what was said of it; its fingerprint stays, so that it is known
   * as forgotten wherever it turns up again. `false`: that was done before, and now once more for what came meanwhile.
   */
  abstract eraseCase(teamId: string, orderId: string): Promise<boolean>;
  /**
   * Plans the next try; the caller publishes its job in the same unit of work. `false`: one is planned already, so that a job
   * that was delivered twice does not become two.
   */
  abstract planTry(teamId: string, orderId: string, inSeconds: number): Promise<boolean>;
  /** Whether the order is decided and its case, if it has one, over. Held until the transaction ends. */
  abstract hasEnded(teamId: string, orderId: string): Promise<boolean>;
  /** Forgets how the case stood, which is what is left of it. Nothing happens before the case is forgotten. */
  abstract eraseSnapshot(teamId: string, orderId: string): Promise<void>;
}
