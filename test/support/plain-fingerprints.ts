import { Fingerprints } from '../../src/kernel/ports.js';

/** For tests of what is done with fingerprints: everybody can read them. */
export class PlainFingerprints extends Fingerprints {
  of(value: string): string {
    return `fingerprint of ${value}`;
  }

  known(value: string): string[] {
    return [this.of(value)];
  }
}
