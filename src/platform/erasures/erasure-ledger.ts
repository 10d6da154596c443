/** One line of the ledger: what was erased, by ids and keyed fingerprints alone. `kind` says whose line it is. */
export interface LedgerLine {
  readonly kind: string;
  readonly [field: string]: string | null;
}

/** `unknown`: this database never had it; what can be remembered of it is. */
export type Replayed = 'erased' | 'done_before' | 'unknown';

/**
 * A context's part of the ledger of erasures. A database that was restored from a backup does not know what was erased since:
 * the ledger is exported before, and replayed afterwards. Found wherever it is provided.
 */
export abstract class ErasureLedger {
  abstract readonly kinds: readonly string[];
  abstract lines(): AsyncIterable<LedgerLine>;
  /** Erases once more what the line names. Doing it again changes nothing. Throws when the line is not one of its own. */
  abstract replay(line: LedgerLine): Promise<Replayed>;
}

/** A field that every line of its kind has. */
export function field(line: LedgerLine, name: string): string {
  const value = line[name];
  if (typeof value !== 'string' || value === '') throw new Error(`"${name}" is missing`);
  return value;
}
