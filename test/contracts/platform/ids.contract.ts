import { readId } from '#kernel/id';
import type { Ids } from '#kernel/ports';

export function idsContract(name: string, open: () => Ids): void {
  describe(`${name}: ids`, () => {
    it('are new, canonical, and sort by the order in which they were made', () => {
      const ids = open();
      const made = Array.from({ length: 50 }, () => ids.next());
      expect(made.map(readId)).toEqual(made);
      expect(made.toSorted()).toEqual(made);
      expect(new Set(made).size).toBe(50);
    });
  });
}
