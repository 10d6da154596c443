import type { ImportPlaces } from '../../../src/contexts/interview-planning/domain/import-places.js';
import { anId } from '../../fakes/platform.js';

export interface ImportPlacesFixture {
  places: ImportPlaces;
  /** Lets seconds pass for the places of a team. */
  pass: (teamId: string, seconds: number) => Promise<void>;
}

/** The places for concurrent imports. */
export function importPlacesContract(name: string, open: () => ImportPlacesFixture): void {
  describe(`${name}: the places of imports`, () => {
    let fixture: ImportPlacesFixture;
    let teamId: string;
    beforeEach(() => {
      fixture = open();
      teamId = anId();
    });

    it('are two for each team', async () => {
      const { places } = fixture;
      const taken = [
        await places.take(teamId, anId()),
        await places.take(teamId, anId()),
        await places.take(teamId, anId()),
      ];
      expect(taken).toEqual([true, true, false]);
      expect(await places.take(anId(), anId())).toBe(true);
    });

    it('are two when many ask at once', async () => {
      const taken = await Promise.all(Array.from({ length: 6 }, () => fixture.places.take(teamId, anId())));
      expect(taken.filter(Boolean)).toHaveLength(2);
    });

    it('are free again when an import leaves, in its own team only', async () => {
      const { places } = fixture;
      const [first, second] = [anId(), anId()];
      await places.take(teamId, first);
      await places.take(teamId, second);
      await places.leave(anId(), first);
      await places.leave(teamId, anId());
      expect(await places.take(teamId, anId())).toBe(false);
      await places.leave(teamId, first);
      expect(await places.take(teamId, anId())).toBe(true);
    });

    it('are free a minute after an import last kept them', async () => {
      const { places, pass } = fixture;
      const [kept, dead] = [anId(), anId()];
      await places.take(teamId, kept);
      await places.take(teamId, dead);
      await pass(teamId, 40);
      await places.keep(teamId, kept);
      await pass(teamId, 40);
      expect([await places.take(teamId, anId()), await places.take(teamId, anId())]).toEqual([true, false]);
    });
  });
}
