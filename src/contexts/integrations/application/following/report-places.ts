import { DomainError } from '#kernel/errors';

const mostOfTeam = 4;
const mostInAll = 16;
const comeBackSeconds = 5;

/** How many reports this replica opens at a time: each is a connection to the vendor and one to a person. */
export class ReportPlaces {
  private readonly taken = new Map<string, number>();
  private all = 0;

  /** Returns what gives the place back, however often it is called. Throws `too_many_reports` (429). */
  take(teamId: string): () => void {
    const ofTeam = this.taken.get(teamId) ?? 0;
    if (ofTeam >= mostOfTeam) throw tooMany(`Your team is opening ${mostOfTeam} reports already. Try again shortly.`);
    if (this.all >= mostInAll) throw tooMany('Too many reports are being opened just now. Try again shortly.');
    this.count(teamId, 1);
    let given = false;
    return () => {
      if (!given) this.count(teamId, -1);
      given = true;
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
