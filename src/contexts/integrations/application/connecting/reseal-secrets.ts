import type { Keyring } from '#platform/secrets/keyring';
import { apiKeyPlace, webhookSecretPlace } from '../../domain/secret-places.js';
import type { SealedSecrets } from '../../domain/sealed-secrets.js';

/** Seals everything anew that an older key of the keyring sealed, while the service runs. Answers how many. */
export async function resealSecrets(stored: SealedSecrets, keyring: Keyring): Promise<number> {
  let resealed = 0;
  for await (const { teamId, connectionId, column, sealed } of stored.all()) {
    if (keyring.isCurrent(sealed)) continue;
    const place = column === 'api_key' ? apiKeyPlace(teamId, connectionId) : webhookSecretPlace(teamId, connectionId);
    const anew = keyring.seal(keyring.open(sealed, place), place);
    // Whoever saved another one in between has sealed it with the newest key already.
    if (await stored.replace({ teamId, connectionId, column, sealed }, anew)) resealed += 1;
  }
  return resealed;
}
