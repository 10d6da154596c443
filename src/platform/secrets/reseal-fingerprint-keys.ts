import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { fingerprintKeyPlace } from './keyed-fingerprints.js';
import type { Keyring } from './keyring.js';

/** Seals the fingerprint keys with the newest key of the keyring; the keys themselves stay. Answers how many it sealed. */
export async function resealFingerprintKeys(database: Database, keyring: Keyring): Promise<number> {
  let resealed = 0;
  const rows = await database.rows(sql<{ kid: string; sealed: string }>`
    select kid, sealed from platform.fingerprint_key`);
  for (const { kid, sealed } of rows) {
    if (keyring.isCurrent(sealed)) continue;
    const place = fingerprintKeyPlace(kid);
    const anew = keyring.seal(keyring.open(sealed, place), place);
    resealed += await database.affected(sql`
      update platform.fingerprint_key set sealed = ${anew} where kid = ${kid} and sealed = ${sealed}`);
  }
  return resealed;
}
