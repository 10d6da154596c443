import { MikroORM } from '@mikro-orm/postgresql';
import { readCredentialsKeys } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { scopedOrmOptions } from '#platform/database/orm-options';
import { acrossTeams } from '#platform/database/scope';
import { Keyring } from '#platform/secrets/keyring';
import { resealFingerprintKeys } from '#platform/secrets/reseal-fingerprint-keys';
import { secretsRotation } from './contexts/integrations/integrations.module.js';
import { schemas } from './schemas.js';

/**
 * Seals every stored secret with the newest key of CREDENTIALS_KEYS. May run while the service does, and again at any time;
 * once it says that nothing is left, the older keys can go.
 */
export async function rotate(env: NodeJS.ProcessEnv): Promise<string> {
  const keys = readCredentialsKeys(env);
  const databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is missing: set it to postgres://user:password@host:5432/database.');
  const orm = await MikroORM.init(scopedOrmOptions(databaseUrl, schemas));
  try {
    const database = new Database(orm.em);
    const resealed = await acrossTeams('operator', () => secretsRotation(database, keys));
    await acrossTeams('operator', () => resealFingerprintKeys(database, new Keyring(keys)));
    return `${resealed} secrets were sealed anew with the key "${keys[0]?.kid}". Older keys are not needed any more.`;
  } finally {
    await orm.close();
  }
}

if (import.meta.main) {
  await rotate(process.env).then(
    (done) => void process.stdout.write(`${done}\n`),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
