declare const brand: unique symbol;

/**
 * The id of a record of this service. Made by `Ids`, read from the database, or accepted by `readId`; never cast from text.
 * Each id has one spelling, so two ids are equal when their texts are.
 */
export type Id = string & { readonly [brand]: 'Id' };

/** How Postgres writes a uuid: lower case, with hyphens. Postgres also reads other spellings, which would all name the same row. */
const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads an id from outside; null when it is not in the canonical spelling. */
export const readId = (given: unknown): Id | null =>
  typeof given === 'string' && canonical.test(given) ? (given as Id) : null;
