/** How an attempt at an order is bounded; set at start (`ORDER_TIMEOUT_MS`). */
export class OrderLimits {
  constructor(readonly timeoutMs: number) {}
}
