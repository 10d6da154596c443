import { sql } from 'kysely';
import { UnreadableSecret } from '#kernel/errors';
import { Database } from '../database/database.js';
import { fingerprintKeyPlace } from './keyed-fingerprints.js';
import type { Keyring } from './keyring.js';

/**
 * Seals the fingerprint keys with the newest key of the keyring; the keys themselves do not change. Returns how many it sealed, and
 * which could not be opened and were left unchanged.
 */
export async function resealFingerprintKeys(
  database: Database,
  keyring: Keyring,
): Promise<{ resealed: number; unopened: string[] }> {
  let resealed = 0;
  const unopened: string[] = [];
  const rows = await database.rows(sql<{ kid: string; sealed: string }>`
    select kid, sealed from platform.fingerprint_key`);
  for (const { kid, sealed } of rows) {
    if (keyring.isCurrent(sealed)) continue;
    try {
      const place = fingerprintKeyPlace(kid);
      const current = keyring.seal(keyring.open(sealed, place), place);
      resealed += await database.affected(sql`
        update platform.fingerprint_key set sealed = ${current} where kid = ${kid} and sealed = ${sealed}`);
    } catch (error) {
      if (!(error instanceof UnreadableSecret)) throw error;
      unopened.push(kid);
    }
  }
  return { resealed, unopened };
}
