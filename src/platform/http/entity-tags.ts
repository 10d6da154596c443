/** An entity tag as RFC 9110 (8.8.3) writes it, without its quotes. */
export interface EntityTag {
  isWeak: boolean;
  value: string;
}

/** What `If-Match` and `If-None-Match` hold: any representation, or those with one of these tags. */
export type TagList = '*' | readonly EntityTag[];

/** null: malformed. Takes time in proportion to the length of the header. */
export function readTags(header: string): TagList | null {
  const text = header.trim();
  if (text === '*') return '*';
  const one = /[\t ,]*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[\t ]*(?=,|$)/y;
  const tags: EntityTag[] = [];
  let end = 0;
  for (let found = one.exec(text); found; found = one.exec(text)) {
    tags.push({ isWeak: found[1] !== undefined, value: found[2] ?? '' });
    end = one.lastIndex;
  }
  return tags.length > 0 && /^[\t ,]*$/.test(text.slice(end)) ? tags : null;
}

/**
 * The service's own tags: the version of the thing, where it has one, and a hash of what this caller was answered. A compressed answer
 * is another representation, so its tag has the encoding at its end.
 */
export interface TagParts {
  version: string | null;
  hash: string;
}

const own = /^(?:([\w-]{16})\.)?([\w-]{22})(?::[a-z]+)?$/;

/** null: the service never gave this tag. */
export function partsOf(value: string): TagParts | null {
  const [, version = null, hash] = own.exec(value) ?? [];
  return hash === undefined ? null : { version, hash };
}

export const valueOf = ({ version, hash }: TagParts): string => (version === null ? hash : `${version}.${hash}`);

/** The tag of the same answer in an encoding such as `br`. */
export const encodedTag = (header: string, encoding: string): string => `${header.slice(0, -1)}:${encoding}"`;
