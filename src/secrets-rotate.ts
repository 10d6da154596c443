import { MikroORM } from '@mikro-orm/postgresql';
import { readCredentialsKeys } from '#platform/config/settings';
import { scopedOrmOptions } from '#platform/database/orm-options';
import { acrossTeams } from '#platform/database/scope';
import { Database } from '#platform/database/database';
import { Keyring } from '#platform/secrets/keyring';
import { resealFingerprintKeys } from '#platform/secrets/reseal-fingerprint-keys';
import { type Resealing, secretsRotation } from './contexts/integrations/integrations.module.js';
import { schemas } from './schemas.js';

export interface Rotation {
  /** Nothing needs the older keys any more. */
  done: boolean;
  /** What a person reads, the sum last. Names keys and places, never a secret. */
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
 * Seals every stored secret with the newest key of CREDENTIALS_KEYS. May run while the service does, may be killed, and may
 * run again at any time; once it says that older keys are not needed any more, they can go.
 */
export async function rotate(env: NodeJS.ProcessEnv): Promise<Rotation> {
  const keys = readCredentialsKeys(env);
  const databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is missing: set it to postgres://user:password@host:5432/database.');
  const orm = await MikroORM.init(scopedOrmOptions(databaseUrl, schemas));
  try {
    return await acrossTeams('operator', async () => {
      const connections = await secretsRotation(orm.em, keys);
      const fingerprints = await resealFingerprintKeys(new Database(orm.em), new Keyring(keys));
      return reported(keys[0]?.kid ?? '', connections, fingerprints.unopened);
    });
  } finally {
    await orm.close();
  }
}

if (import.meta.main) {
  await rotate(process.env).then(
    ({ done, lines }) => {
      (done ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`);
      process.exitCode = done ? 0 : 1;
    },
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
