/**
 * Erased cases of all teams. Such a case is never stored, linked to an order or reported again. Case ids are unique per host:
 * the same id at another host is another case.
 */
export abstract class ErasedCases {
  /** The cases of that host among these that were not erased. */
  abstract without(host: string, caseIds: readonly string[]): Promise<string[]>;
}
