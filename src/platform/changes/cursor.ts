import { type Id, readId } from '#kernel/id';

/** What a cursor says. It is opaque to clients. */
export interface Position {
  /** Which team's feed. Random: a made-up cursor does not know it. */
  feedId: Id;
  /** The number of the last change that the client was given. */
  seq: number;
  /**
   * The number up to which the client has everything: that of the last cursor behind which there was nothing more. A thing that
   * changes while a client reads page by page moves to the end, so on later pages this counts, and not `seq`.
   */
  completeSeq: number;
  /** When it was given out, in milliseconds by the database's clock. */
  issuedAt: number;
  /** Which database gave it out. */
  database: string;
  /** A short hash of what the client may see apart from single jobs. */
  rights: string;
  /** The types that it follows. */
  types: string[];
}

const form =
  /^1\.([0-9a-f-]{36})\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.([0-9a-f]{16})\.([0-9a-f]{16})\.([a-z_]+(?:,[a-z_]+)*)$/;

export function writeCursor({ feedId, seq, completeSeq, issuedAt, database, rights, types }: Position): string {
  const parts = ['1', feedId, seq, completeSeq, issuedAt, database, rights, types.join()];
  return Buffer.from(parts.join('.'), 'latin1').toString('base64url');
}

/** null: not one of ours. */
export function readCursor(cursor: string): Position | null {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, feed, seq, complete, issuedAt, database = '', rights = '', types = ''] = form.exec(text) ?? [];
  const feedId = readId(feed);
  if (feedId === null) return null;
  const numbers = { seq: Number(seq), completeSeq: Number(complete), issuedAt: Number(issuedAt) };
  const position = { feedId, ...numbers, database, rights, types: types.split(',') };
  // One position has one spelling.
  return writeCursor(position) === cursor ? position : null;
}
