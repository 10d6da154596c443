import { DomainError } from '#kernel/errors';

const mostOfTeam = 4;
const mostInAll = 16;
const comeBackSeconds = 5;

/** Limits the reports that this replica streams at a time. Each holds a connection to the vendor and one to a user. */
export class ReportPlaces {
  private readonly taken = new Map<string, number>();
  private all = 0;

  /** Returns a function that releases the place; calling it again does nothing. Throws `too_many_reports` (429). */
  take(teamId: string): () => void {
    const ofTeam = this.taken.get(teamId) ?? 0;
    if (ofTeam >= mostOfTeam) throw tooMany(`Your team is already opening ${mostOfTeam} reports. Try again shortly.`);
    if (this.all >= mostInAll) throw tooMany('Too many reports are open. Try again shortly.');
    this.count(teamId, 1);
    let released = false;
    return () => {
      if (!released) this.count(teamId, -1);
      released = true;
    };
  }

  private count(teamId: string, by: number): void {
    const left = (this.taken.get(teamId) ?? 0) + by;
    if (left > 0) this.taken.set(teamId, left);
    else this.taken.delete(teamId);
    this.all += by;
  }
}

const tooMany = (message: string): DomainError =>
  new DomainError('too_many', 'too_many_reports', message, {}, comeBackSeconds);
