import { randomBytes } from 'node:crypto';
import { mostAtOnce } from '../../views/check-changes.js';

/** A place in the order in which this replica heard of changes. */
export type Place = number;

/**
 * Numbers what one replica hears. Notifications arrive in the order of commits, so no number of the database's own is needed,
 * and none stays valid beyond this process: ids of events name the hearing they belong to.
 */
export class Hearing {
  private name = randomBytes(6).toString('base64url');
  private last: Place = 0;

  get now(): Place {
    return this.last;
  }

  next(): Place {
    return (this.last += 1);
  }

  /** Something may have been missed: ids from before are not known any more. */
  restart(): void {
    this.name = randomBytes(6).toString('base64url');
  }

  idOf(place: Place): string {
    return `${this.name}.${place}`;
  }

  /** null: another replica's, from before a restart or a gap, or no id of ours. */
  placeOf(id: string): Place | null {
    const [name, digits = ''] = id.split('.');
    const place = Number(digits);
    return name === this.name && /^\d{1,15}$/.test(digits) && place <= this.last ? place : null;
  }
}

/** The changed checks of one team that this replica heard of lately, each at the place where it was heard of last. */
export class ChangesHeard {
  private readonly places = new Map<string, Place>();

  /** `since`: from here on every change is known. */
  constructor(private since: Place) {}

  note(checkId: string, place: Place): void {
    // Set anew, so that the order of the map is the order of the places.
    this.places.delete(checkId);
    this.places.set(checkId, place);
    const [oldest] = this.places;
    if (!oldest || this.places.size <= mostAtOnce) return;
    this.places.delete(oldest[0]);
    this.since = oldest[1];
  }

  /** Everything before `place` may have been missed. */
  forget(place: Place): void {
    this.places.clear();
    this.since = place;
  }

  /** What changed after a place, in order; null: too long ago to be known. */
  after(place: Place): Map<string, Place> | null {
    if (place < this.since) return null;
    return new Map([...this.places].filter(([, heard]) => heard > place));
  }
}
