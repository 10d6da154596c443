declare const brand: unique symbol;

/**
 * The id of something of ours. Made by `Ids`, read from the database, or accepted by `readId`; never cast from a text.
 * There is one spelling of each, so two ids are the same when their texts are.
 */
export type Id = string & { readonly [brand]: 'Id' };

/** How Postgres writes a uuid: lower case, with hyphens. It reads many other spellings, and they all would name the same row. */
const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What came from outside as an id; null when it is anything but the canonical spelling of one. */
export const readId = (given: unknown): Id | null =>
  typeof given === 'string' && canonical.test(given) ? (given as Id) : null;
