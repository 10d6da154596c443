import { randomInt } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The id people see in the portal, e.g. `CS_CA_9Q2W7TX4KM1B` (docs/certn-api.md 2.4). */
export function shortId(prefix: 'CS' | 'CK' | 'CG', region: string): string {
  const letters = Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]);
  return `${prefix}_${region}_${letters.join('')}`;
}
