import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Database } from '../database/database.js';
import { databaseName } from '../database/identity.js';
import { ChangeNumbering } from './change-numbering.js';
import type { ChangingThings } from './changing-things.js';
import { type Position, readCursor, writeCursor } from './cursor.js';

/** How long a change is in the feed, and a cursor is good for. */
export const keptDays = 30;
/** Pieces that one request numbers. What is left is for the next one, and `has_more` says so. */
const mostPieces = 5;

/** The latest change of one thing. */
export interface ChangeRow {
  type: string;
  id: Id;
  seq: number;
  /** The numbers at which anyone, or a caller with rights on the whole team, may have lost sight of it; 0: never. */
  lost_seq: number;
  team_lost_seq: number;
  changed_at: string;
}

/** A page before the rights of the caller are applied. */
export interface ChangePage {
  rows: ChangeRow[];
  /** From where. null: the request had no cursor. */
  from: Position | null;
  next: Omit<Position, 'rights'>;
  hasMore: boolean;
}

interface FeedRow {
  feed_id: Id;
  last_seq: string;
  forgotten_seq: string;
  database: string;
  now: Date | string;
  rows: ChangeRow[];
}

/** Reads a team's changes in the order of their numbers. */
@Injectable()
export class ChangeFeed {
  constructor(
    private readonly database: Database,
    private readonly numbering: ChangeNumbering,
  ) {}

  /** Every kind of thing in the feed. */
  get kinds(): readonly ChangingThings[] {
    return this.numbering.all;
  }

  /**
   * The changes after a cursor; without one, none, and the cursor from which later ones follow. `types`: undefined for those of the
   * cursor, without one all. Throws 422 for a cursor that this feed did not give out, and 410 `cursor_expired` for one that it cannot continue.
   *
   * The rights of the caller are to be read after this: a caller who gets a right meanwhile then has it, or finds the change after
   * the new cursor.
   */
  async page(
    teamId: string,
    cursor: string | undefined,
    types: readonly string[] | undefined,
    limit: number,
  ): Promise<ChangePage> {
    const from = cursor === undefined ? null : readCursor(cursor);
    if (cursor !== undefined && from === null) throw unknownCursor();
    const followed = types ?? from?.types ?? this.kinds.map(({ name }) => name);
    if (from && followed.some((type) => !from.types.includes(type))) throw otherTypes();
    if (from === null) await this.numbering.begin(teamId);
    const isNumbered = await this.number(teamId);
    const feed = await this.read(teamId, followed, from?.seq ?? null, limit + 1);
    if (!feed) throw unknownCursor();
    const issuedAt = new Date(feed.now).getTime();
    if (from) this.mustContinue(from, feed, issuedAt);
    const rows = feed.rows.slice(0, limit);
    const isFull = feed.rows.length > limit;
    const last = Number(feed.last_seq);
    const seq = isFull ? (rows.at(-1)?.seq ?? 0) : last;
    const completeSeq = isFull ? (from?.completeSeq ?? 0) : last;
    const next = { feedId: feed.feed_id, seq, completeSeq, issuedAt, database: feed.database, types: [...followed] };
    return { rows, from, next, hasMore: from !== null && (isFull || !isNumbered) };
  }

  /** The cursor after a page, for a caller with these `rights`, 16 hexadecimal digits. Throws 410 when the page began with others. */
  cursorAfter({ from, next }: ChangePage, rights: string): string {
    if (from && from.rights !== rights) throw expired('What you may see has changed since this cursor.');
    return writeCursor({ ...next, rights });
  }

  /** Returns whether everything is numbered that was committed before. */
  private async number(teamId: string): Promise<boolean> {
    for (let pieces = 0; pieces < mostPieces; pieces += 1) if (!(await this.numbering.next(teamId))) return true;
    return false;
  }

  /** One statement, and so one snapshot: numbers become visible in their order, and none of them is missing below `last_seq`. */
  private read(teamId: string, types: readonly string[], after: number | null, limit: number): Promise<FeedRow | null> {
    const changes = sql`
      select coalesce(json_agg(page order by page.seq), '[]') from (
        select c.* from unnest(${[...types]}::text[]) kind (name)
        cross join lateral (
          select type, subject_id as id, seq, lost_seq, team_lost_seq, changed_at from platform.change
          where team_id = ${teamId} and type = kind.name and seq > ${after} order by seq limit ${limit}) c
        order by c.seq limit ${limit}) page`;
    return this.database.first(sql<FeedRow>`
      select f.feed_id, f.last_seq, f.forgotten_seq, ${databaseName} as database, now(),
             ${after === null ? sql`'[]'::json` : sql`(${changes})`} as rows
      from platform.change_feed f where f.team_id = ${teamId}`);
  }

  private mustContinue(from: Position, feed: FeedRow, now: number): void {
    if (from.feedId !== feed.feed_id) throw unknownCursor();
    if (from.database !== feed.database || from.seq > Number(feed.last_seq))
      throw expired('The database was restored since this cursor.');
    if (from.seq < Number(feed.forgotten_seq) || from.issuedAt < now - keptDays * 24 * 3600 * 1000)
      throw expired(`This cursor is older than ${keptDays} days.`);
  }
}

export const expired = (why: string): DomainError =>
  new DomainError(
    'gone',
    'cursor_expired',
    `${why} Make a new copy: ask without a cursor, keep the new one, read the lists, and go on from it.`,
  );

export function unknownCursor(): DomainError {
  const message = 'This is no cursor of your changes. Take it from the answer before, or begin without one.';
  return new DomainError('invalid', 'invalid_cursor', message, { query: { after: [message] } });
}

function otherTypes(): DomainError {
  const message = 'must be types that the cursor follows: others need a cursor of their own';
  return new DomainError('invalid', 'invalid_request', 'Please check: types.', { query: { types: [message] } });
}
