import { readCredentialsKeys } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { Database } from '#platform/database/database';
import { Keyring } from '#platform/secrets/keyring';
import { resealFingerprintKeys } from '#platform/secrets/reseal-fingerprint-keys';
import { type Resealing, secretsRotation } from '../contexts/integrations/integrations.module.js';
import { resealEndpointSecrets } from '../contexts/webhook-endpoints/webhook-endpoints.module.js';
import { outcomeOf, report, withDatabase } from './command.js';

export interface Rotation {
  /** The older keys are no longer needed. */
  done: boolean;
  /** For the operator, the sum last. Names keys and places, never a secret. */
  lines: string[];
}

type Unopened = Pick<Resealing['unopened'][number], 'why' | 'kid'>;

const whyUnopened = ({ why, kid }: Unopened): string =>
  why === 'unknown_key'
    ? `the key "${kid}" that sealed it is not in CREDENTIALS_KEYS.`
    : `it does not open with its key "${kid}": it was changed, and must be entered again.`;

type OfEndpoints = Awaited<ReturnType<typeof resealEndpointSecrets>>;

function reported(kid: string, connections: Resealing, endpoints: OfEndpoints, fingerprintKeys: string[]): Rotation {
  const left = connections.leftTeams + endpoints.left;
  const resealed = connections.resealed + endpoints.resealed;
  const lines = connections.unopened.map(
    (one) => `Team ${one.teamId}, connection ${one.connectionId}, ${one.column}: ${whyUnopened(one)}`,
  );
  lines.push(
    ...endpoints.unopened.map(
      (one) => `Team ${one.teamId}, webhook endpoint ${one.id}, ${one.column}: ${whyUnopened(one)}`,
    ),
  );
  lines.push(...fingerprintKeys.map((name) => `The fingerprint key "${name}" could not be opened.`));
  const unopenedInAll = lines.length;
  const sum = `${resealed} secrets were sealed with the key "${kid}".`;
  if (unopenedInAll > 0) {
    lines.push(`${sum} ${unopenedInAll} could not be opened and stay as they were: keep the older keys.`);
  } else if (left > 0) {
    lines.push(`${sum} A replica sealed others with an older key meanwhile: give it the new one, then run this again.`);
  } else lines.push(`${sum} Older keys are not needed any more.`);
  return { done: unopenedInAll === 0 && left === 0, lines };
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
      const endpoints = await resealEndpointSecrets(em, keys);
      const fingerprints = await resealFingerprintKeys(new Database(em), new Keyring(keys));
      return reported(keys[0]?.kid ?? '', connections, endpoints, fingerprints.unopened);
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
