import { readCredentialsKeys } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { Database } from '#platform/database/database';
import { Keyring } from '#platform/secrets/keyring';
import { resealFingerprintKeys } from '#platform/secrets/reseal-fingerprint-keys';
import { type Resealing, secretsRotation } from '../contexts/integrations/integrations.module.js';
import { outcomeOf, report, withDatabase } from './command.js';

export interface Rotation {
  /** The older keys are no longer needed. */
  done: boolean;
  /** For the operator, the sum last. Names keys and places, never a secret. */
  lines: string[];
}

function reported(kid: string, { resealed, unopened, leftTeams }: Resealing, fingerprintKeys: string[]): Rotation {
  const lines = unopened.map(
    ({ teamId, connectionId, column, why, kid: sealedBy }) =>
      `Team ${teamId}, connection ${connectionId}, ${column}: ` +
      (why === 'unknown_key'
        ? `the key "${sealedBy}" that sealed it is not in CREDENTIALS_KEYS.`
        : `it does not open with its key "${sealedBy}": it was changed, and must be entered again.`),
  );
  lines.push(...fingerprintKeys.map((name) => `The fingerprint key "${name}" could not be opened.`));
  const unopenedInAll = unopened.length + fingerprintKeys.length;
  const sum = `${resealed} secrets were sealed with the key "${kid}".`;
  if (unopenedInAll > 0) {
    lines.push(`${sum} ${unopenedInAll} could not be opened and stay as they were: keep the older keys.`);
  } else if (leftTeams > 0) {
    lines.push(`${sum} A replica sealed others with an older key meanwhile: give it the new one, then run this again.`);
  } else lines.push(`${sum} Older keys are not needed any more.`);
  return { done: unopenedInAll === 0 && leftTeams === 0, lines };
}

/**
 * Seals every stored secret with the newest key of CREDENTIALS_KEYS. It can run while the service runs, can be killed, and can
 * run again at any time. Older keys can be removed once it says that they are not needed any more.
 */
export async function rotate(env: NodeJS.ProcessEnv): Promise<Rotation> {
  const keys = readCredentialsKeys(env);
  return withDatabase(env['DATABASE_URL'], (em) =>
    acrossTeams('operator', async () => {
      const connections = await secretsRotation(em, keys);
      const fingerprints = await resealFingerprintKeys(new Database(em), new Keyring(keys));
      return reported(keys[0]?.kid ?? '', connections, fingerprints.unopened);
    }),
  );
}

if (import.meta.main) {
  const work = async () => {
    const { done, lines } = await rotate(process.env);
    return { done, text: lines.join('\n') };
  };
  report(await outcomeOf(work, (error) => (error as Error).message));
}
