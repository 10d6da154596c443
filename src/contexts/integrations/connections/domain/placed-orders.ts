/** The orders that a team placed through its connections. The room of orders implements this port. */
export abstract class PlacedOrders {
  /** Marks all orders of a team at this vendor that are being sent or of unknown outcome, so that they are not sent again. */
  abstract markAllDoNotSend(teamId: string, vendor: string): Promise<void>;
}
