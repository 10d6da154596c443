/**
 * What a text column holds, and when its content is removed. Every text, JSON and list column of every context is on its
 * context's list (`ContextSchema.columns`); a test on the live catalogue fails for a column that is missing.
 *
 * - `nothing`: nothing about a person: the product's own words, names of things, ids of records
 * - `candidate`: names a candidate; goes when they are anonymised
 * - `case`: leads to a case at the vendor; goes with the candidate, and when the result is removed
 * - `outcome`: how a check stood or ended; becomes a count when the candidate is anonymised, results go by their rule, too
 * - `user`: names a user; goes when they are erased
 * - `fingerprint`: recognises what was erased; keyed, and kept
 * - `secret`: sealed with the installation's keyring
 * - `act`: what a user did, by ids; the audit log holds no names, and is kept
 */
export const columnKinds = ['nothing', 'candidate', 'case', 'outcome', 'user', 'fingerprint', 'secret', 'act'] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** Columns of one table by kind; several names are separated by spaces. */
export type TableColumns = Partial<Record<ColumnKind, string>>;
