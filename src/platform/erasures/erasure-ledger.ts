/** One line of the ledger: what was erased, as ids and keyed fingerprints only. `kind` says which ledger it belongs to. */
export interface LedgerLine {
  readonly kind: string;
  readonly [field: string]: string | null;
}

/** `unknown`: this database never had it; it only records that it was erased. */
export type Replayed = 'erased' | 'done_before' | 'unknown';

/**
 * A context's part of the ledger of erasures. A database that was restored from a backup does not know what was erased after the
 * backup: the ledger is exported beforehand and replayed afterwards. Discovered from the providers of all modules.
 */
export abstract class ErasureLedger {
  abstract readonly kinds: readonly string[];
  abstract lines(): AsyncIterable<LedgerLine>;
  /** Erases again what the line names. Idempotent. Throws when the line is not of its kind. */
  abstract replay(line: LedgerLine): Promise<Replayed>;
}

/** Reads a field that every line of its kind has. */
export function field(line: LedgerLine, name: string): string {
  const value = line[name];
  if (typeof value !== 'string' || value === '') throw new Error(`"${name}" is missing`);
  return value;
}
