import { type Env, type Reader, readPart } from './reader.js';

export { SettingsError } from './reader.js';

/** The settings of the service as such. Each context has its own in its `settings.ts`. Read once at start. */
export abstract class Settings {
  abstract readonly databaseUrl: string;
  /** How many connections one team's requests may use at a time, and how long a read may take. */
  abstract readonly databaseShares: { perTeam: number; readMs: number };
  abstract readonly port: number;
  abstract readonly host: string;
  abstract readonly publicUrl: string;
  /** The service is its own identity provider for the demo users. Never in production. */
  abstract readonly localRun: boolean;
  abstract readonly production: boolean;
  /** `kid:base64-of-32-bytes`, newest first. */
  abstract readonly credentialsKeys: { kid: string; key: Buffer }[];
  /** Per minute. `user`, `team`: requests to our API · `failedSignIns`: from one address to one replica, requests that identified no user. */
  abstract readonly rateLimits: { userPerMinute: number; teamPerMinute: number; failedSignInsPerMinute: number };
  /** How long a response or an export waits for a client that reads nothing, before its connection is closed. */
  abstract readonly answerIdleSeconds: number;
  /** How long the same Idempotency-Key gets what the first request made. */
  abstract readonly idempotencyHours: number;
  /** Origins besides the console's own that browsers may call from. */
  abstract readonly corsOrigins: string[];
  /** The port of the metrics server; null: metrics are not served. */
  abstract readonly metricsPort: number | null;
  /** The address the metrics server listens on; not the address of the API. */
  abstract readonly metricsHost: string;
  abstract readonly role: 'all' | 'api' | 'worker';
  /** How many proxies in front of the service are trusted to name the client's address; 0: the connection's peer is the client. */
  abstract readonly trustProxyHops: number;
  /** How long the service keeps serving after the signal to stop, so that load balancers notice and send requests elsewhere. */
  abstract readonly drainSeconds: number;
  abstract readonly logLevel: string;
}

/** A name and exactly 32 bytes. Base64 decoding drops other characters silently, and the key would be a different one. */
const keyForm = /^([\w-]{1,32}):([A-Za-z0-9+/]{43}=)$/;

function keyring(reader: Reader): { kid: string; key: Buffer }[] {
  const text = reader.required('CREDENTIALS_KEYS', 'kid:base64-of-32-bytes (openssl rand -base64 32), newest first');
  const entries = text === '' ? [] : text.split(',').map((entry) => keyForm.exec(entry.trim()));
  if (entries.includes(null)) reader.faults.push('CREDENTIALS_KEYS holds an entry that is not kid:base64-of-32-bytes.');
  const keys = entries
    .filter((entry) => entry !== null)
    .map(([, kid = '', encoded = '']) => ({ kid, key: Buffer.from(encoded, 'base64') }));
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    reader.faults.push('CREDENTIALS_KEYS names two keys alike: what one of them sealed could never be opened.');
  }
  return keys;
}

/** Exact origins, never a pattern: `https://ats.example.com,https://hr.example.com`. */
function origins(reader: Reader): string[] {
  const listed = reader.list('CORS_ORIGINS', []);
  for (const origin of listed) {
    reader.url('CORS_ORIGINS', origin);
    if (URL.parse(origin)?.origin !== origin)
      reader.faults.push(`CORS_ORIGINS holds "${origin}": an origin is a scheme, a host and a port, without a path.`);
  }
  return listed;
}

/** For a command that only opens and seals secrets. Throws `SettingsError`. */
export const readCredentialsKeys = (env: Env): Settings['credentialsKeys'] => readPart(keyring, env);

/** The service runs on the machine of its developer: it is its own identity provider, and listens on loopback. */
export const isLocalRun = (reader: Reader): boolean => reader.text('LOCAL_RUN') === 'true';

const defaultPort = 3000;

/** PUBLIC_URL as it was given, unchecked: the default of other addresses. */
export const publicUrlIn = (reader: Reader): string =>
  reader.text('PUBLIC_URL') ?? `http://localhost:${reader.text('PORT') ?? defaultPort}`;

/** Throws nothing: faults go into the reader. */
export function serviceSettings(reader: Reader): Settings {
  const production = reader.text('NODE_ENV')?.toLowerCase() === 'production';
  const localRun = isLocalRun(reader);
  if (production && localRun) reader.faults.push('LOCAL_RUN is refused when NODE_ENV=production: unset one of them.');
  return {
    databaseUrl: reader.required('DATABASE_URL', 'postgres://user:password@host:5432/database'),
    databaseShares: {
      perTeam: reader.number('TEAM_CONNECTIONS', 4, 1, 50),
      readMs: reader.number('READ_TIMEOUT_MS', 3_000, 100, 12_000),
    },
    port: reader.number('PORT', defaultPort, 0, 65535),
    host: reader.text('HOST') ?? (localRun ? '127.0.0.1' : '0.0.0.0'),
    publicUrl: reader.url('PUBLIC_URL', publicUrlIn(reader)),
    localRun,
    production,
    credentialsKeys: keyring(reader),
    rateLimits: {
      userPerMinute: reader.number('RATE_LIMIT_PER_MINUTE', 600, 1, 10_000_000),
      teamPerMinute: reader.number('RATE_LIMIT_PER_TEAM_PER_MINUTE', 6_000, 1, 10_000_000),
      failedSignInsPerMinute: reader.number('FAILED_SIGN_INS_PER_MINUTE', 120, 1, 10_000_000),
    },
    answerIdleSeconds: reader.number('ANSWER_IDLE_SECONDS', 30, 1, 3600),
    // The API promises that an idempotency key is remembered for a day.
    idempotencyHours: reader.number('IDEMPOTENCY_HOURS', 24, 24, 720),
    corsOrigins: origins(reader),
    metricsPort: reader.text('METRICS_PORT') === null ? null : reader.number('METRICS_PORT', 0, 0, 65_535),
    metricsHost: reader.text('METRICS_HOST') ?? '127.0.0.1',
    role: reader.oneOf('ROLE', ['all', 'api', 'worker'], 'all'),
    trustProxyHops: reader.number('TRUST_PROXY_HOPS', 0, 0, 10),
    drainSeconds: reader.number('SHUTDOWN_DRAIN_SECONDS', 2, 0, 300),
    logLevel: reader.oneOf('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
  };
}
