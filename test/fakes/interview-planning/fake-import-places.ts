import type { Clock } from '#kernel/ports';
import { ImportPlaces } from '../../../src/contexts/interview-planning/domain/import-places.js';
import { importsPerTeam } from '../../../src/contexts/interview-planning/domain/limits.js';

const heldForMs = 60_000;

/** Passes the suite of `ImportPlaces`. */
export class FakeImportPlaces extends ImportPlaces {
  private places: { teamId: string; importId: string; heldUntil: number }[] = [];

  constructor(private readonly clock: Clock) {
    super();
  }

  async take(teamId: string, importId: string): Promise<boolean> {
    const now = this.clock.now().getTime();
    this.places = this.places.filter(({ heldUntil }) => heldUntil >= now);
    if (this.places.filter((place) => place.teamId === teamId).length >= importsPerTeam) return false;
    this.places.push({ teamId, importId, heldUntil: now + heldForMs });
    return true;
  }

  async keep(teamId: string, importId: string): Promise<void> {
    const heldUntil = this.clock.now().getTime() + heldForMs;
    for (const place of this.places)
      if (place.teamId === teamId && place.importId === importId) place.heldUntil = heldUntil;
  }

  async leave(teamId: string, importId: string): Promise<void> {
    this.places = this.places.filter((place) => place.teamId !== teamId || place.importId !== importId);
  }
}
