import { randomBytes } from 'node:crypto';
import { mostAtOnce } from '../../views/check-changes.js';

/** A position in the order in which this replica was notified of changes. */
export type Position = number;

/**
 * Numbers the notifications of one replica. They arrive in the order of commits, so no sequence of the database is needed. A number is
 * valid in this process only, so each event id carries the name of its sequence.
 */
export class ChangeSequence {
  private name = randomBytes(6).toString('base64url');
  private last: Position = 0;

  get now(): Position {
    return this.last;
  }

  next(): Position {
    return (this.last += 1);
  }

  /** Notifications may have been missed. Ids from before are no longer accepted. */
  restart(): void {
    this.name = randomBytes(6).toString('base64url');
  }

  idOf(position: Position): string {
    return `${this.name}.${position}`;
  }

  /** null: the id is another replica's, from before a restart or a gap, or not one of ours. */
  positionOf(id: string): Position | null {
    const [name, digits = ''] = id.split('.');
    const position = Number(digits);
    return name === this.name && /^\d{1,15}$/.test(digits) && position <= this.last ? position : null;
  }
}

/** One team's recently changed checks on this replica, each at the position of its last change. */
export class RecentChanges {
  private readonly positions = new Map<string, Position>();

  /** `since`: every change after this position is known. */
  constructor(private since: Position) {}

  note(checkId: string, position: Position): void {
    // Deleted and set again, so that the map's order is the order of positions.
    this.positions.delete(checkId);
    this.positions.set(checkId, position);
    const [oldest] = this.positions;
    if (!oldest || this.positions.size <= mostAtOnce) return;
    this.positions.delete(oldest[0]);
    this.since = oldest[1];
  }

  /** Changes before `position` may have been missed. */
  clear(position: Position): void {
    this.positions.clear();
    this.since = position;
  }

  /** The changes after a position, in order; null: they are no longer known. */
  after(position: Position): Map<string, Position> | null {
    if (position < this.since) return null;
    return new Map([...this.positions].filter(([, at]) => at > position));
  }
}
