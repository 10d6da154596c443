import { Fingerprints } from '../../src/kernel/ports.js';

/** Readable fingerprints, for tests of how fingerprints are used. */
export class PlainFingerprints extends Fingerprints {
  of(value: string): string {
    return `fingerprint of ${value}`;
  }

  known(value: string): string[] {
    return [this.of(value)];
  }
}
