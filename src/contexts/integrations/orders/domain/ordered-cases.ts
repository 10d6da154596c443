/** The cases that orders opened at the vendor. The room of cases implements this port. */
export abstract class OrderedCases {
  /**
   * Ends the case of an order at the vendor before it is erased here, so that an anonymised candidate is not invited or
   * screened. `asked`: how often this was tried before. `true`: nothing is left to end, or the vendor refuses for good.
   * `false`: no answer, or the vendor does not show the end yet.
   */
  abstract end(teamId: string, orderId: string, asked: number): Promise<boolean>;
}
