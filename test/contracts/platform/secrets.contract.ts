import { UnreadableSecret } from '#kernel/errors';
import type { Fingerprints, Secrets } from '#kernel/ports';
import { anId } from '../../fakes/platform.js';

/** `another`: secrets that were sealed with a key that `open` does not have. */
export function secretsContract(name: string, open: () => { secrets: Secrets; another: Secrets }): void {
  describe(`${name}: a sealed secret`, () => {
    let secrets: Secrets;
    let another: Secrets;
    beforeEach(() => ({ secrets, another } = open()));

    const whyNot = (sealed: string, place: string): string => {
      try {
        return secrets.open(sealed, place);
      } catch (error) {
        if (!(error instanceof UnreadableSecret)) throw error;
        return error.why;
      }
    };

    it('opens where it was sealed, and is sealed differently each time', () => {
      const [one, two] = [secrets.seal('a secret', 'row/1'), secrets.seal('a secret', 'row/1')];
      expect(one).not.toBe(two);
      for (const sealed of [one, two]) {
        expect(sealed).not.toContain('a secret');
        expect([secrets.open(sealed, 'row/1'), secrets.openIfOurs(sealed, 'row/1')]).toEqual(['a secret', 'a secret']);
      }
    });

    it('opens in no other place, and not when it was changed', () => {
      const sealed = secrets.seal('a secret', 'row/1');
      const [kid = ''] = sealed.split('.', 1);
      for (const [changed, place] of [
        [sealed, 'row/2'],
        [`${kid}.AAAA`, 'row/1'],
      ] as const) {
        expect(whyNot(changed, place)).toBe('damaged');
        expect(secrets.openIfOurs(changed, place)).toBeNull();
      }
    });

    it('opens with its own key only', () => {
      const sealed = another.seal('a secret', 'row/1');
      expect(whyNot(sealed, 'row/1')).toBe('unknown_key');
      expect([secrets.openIfOurs(sealed, 'row/1'), secrets.openIfOurs('nonsense', 'row/1')]).toEqual([null, null]);
    });
  });
}

export function fingerprintsContract(name: string, open: () => Fingerprints): void {
  describe(`${name}: a fingerprint`, () => {
    it('is the same for the same value, another for another, and does not hold the value', () => {
      const fingerprints = open();
      const [one, other] = [anId(), anId()];
      expect(fingerprints.of(one)).toBe(fingerprints.of(one));
      expect(fingerprints.of(other)).not.toBe(fingerprints.of(one));
      expect(fingerprints.of(one)).not.toContain(one);
    });

    it('is the first of the forms in which its value may have been stored', () => {
      const fingerprints = open();
      const value = anId();
      expect(fingerprints.known(value)[0]).toBe(fingerprints.of(value));
      expect(fingerprints.known(anId())).not.toContain(fingerprints.of(value));
    });
  });
}
