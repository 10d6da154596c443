/** The vendor opened a case for the order. Ask `GetOrder` and `GetCase`. */
export class OrderPlaced {
  static readonly wireName = 'integrations.order-placed.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** The vendor refused the order for good, or it will not be sent any more. Ask `GetOrder` why. */
export class OrderRefused {
  static readonly wireName = 'integrations.order-refused.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** The order is held up: its outcome is unknown, it waits for the connection or the operator, or a person must decide. */
export class OrderHeldUp {
  static readonly wireName = 'integrations.order-held-up.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** A case changed, or was confirmed for the first time. */
export class CaseChanged {
  static readonly wireName = 'integrations.case-changed.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** An order was erased; only how it ended is left. Ask `GetCase` and `GetOrder`. */
export class OrderErased {
  static readonly wireName = 'integrations.order-erased.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** The connection was enabled, disabled, or requires action. */
export class ConnectionStateChanged {
  static readonly wireName = 'integrations.connection-state-changed.v1';
  constructor(readonly teamId: string) {}
}
