/** Erased cases of all teams. Such a case is never stored, linked to an order or reported again. */
export abstract class ErasedCases {
  /** The cases among these that were not erased. */
  abstract without(caseIds: readonly string[]): Promise<string[]>;
}
