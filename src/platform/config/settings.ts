import { type Env, Reader, SettingsError } from './reader.js';

export { SettingsError };

/** All settings from the environment, checked once at start. */
export abstract class Settings {
  abstract readonly databaseUrl: string;
  /** How many connections one team's requests may use at a time, and how long a read may take. */
  abstract readonly databaseShares: { perTeam: number; readMs: number };
  abstract readonly port: number;
  abstract readonly host: string;
  abstract readonly publicUrl: string;
  abstract readonly webhookPublicUrl: string;
  /** The service is its own identity provider for the demo users. Never in production. */
  abstract readonly localRun: boolean;
  /** The file in which `npm start` reports that it is loading the demo; null except in a local run. */
  abstract readonly demoStateFile: string | null;
  abstract readonly production: boolean;
  abstract readonly auth: {
    issuer: string;
    audience: string;
    jwksUrl: string;
    /** The service's client at the identity provider; null: browsers cannot sign in, only bearer tokens are accepted. */
    clientId: string | null;
    /** null: a public client, which proves itself by PKCE alone. */
    clientSecret: string | null;
    scopes: string;
    /** Further conditions on access tokens. `types` in lower case; an empty `clients` allows every client. */
    tokens: { types: string[]; clients: string[]; requiredScopes: string[]; maxSeconds: number };
  } | null;
  /** How long browsers stay signed in. `recentMinutes`: how recent a sign-in must be for sensitive acts; 0: any sign-in counts. */
  abstract readonly sessions: { idleMinutes: number; hours: number; recentMinutes: number };
  /** `kid:base64-of-32-bytes`, newest first. */
  abstract readonly credentialsKeys: { kid: string; key: Buffer }[];
  /**
   * `held`: no order is sent · `resends`: how often an order that is proved absent is sent again automatically; `resendsPerHour`: per
   * account · `breakerFailures`: after this many failed orders in a row the circuit breaker of an account opens; `breakerSeconds`:
   * how long its cool-down lasts each time.
   */
  abstract readonly orders: {
    held: boolean;
    timeoutMs: number;
    outcomeUnknownSeconds: number[];
    visibilityLagSeconds: number;
    resends: number;
    resendsPerHour: number;
    breakerFailures: number;
    breakerSeconds: number[];
  };
  abstract readonly sweepSeconds: number;
  /**
   * Per minute. `userPerMinute`, `teamPerMinute`: requests to our API · `connectionTestsPerMinute`: of one team ·
   * `failedSignInsPerMinute`, `failedWebhooksPerMinute`: from one address to one replica, requests that identified no user, and
   * webhook requests that no connection accepted.
   */
  abstract readonly rateLimits: {
    userPerMinute: number;
    teamPerMinute: number;
    connectionTestsPerMinute: number;
    failedWebhooksPerMinute: number;
    failedSignInsPerMinute: number;
  };
  /** How long an import may take, and how long either side of it may pause. */
  abstract readonly imports: { seconds: number; idleSeconds: number };
  /** How long rows are kept that would otherwise only accumulate; `docs/retention.md` has the whole list. */
  abstract readonly kept: {
    idempotencyHours: number;
    inboundEventDays: number;
    rejectedSignatureDays: number;
    discrepancyDays: number;
    erasedHistoryDays: number;
    retiredConnectionDays: number;
  };
  /** How long a response or an export waits for a client that reads nothing, before its connection is closed. */
  abstract readonly answerIdleSeconds: number;
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

function identity(reader: Reader, localRun: boolean): Settings['auth'] {
  if (localRun) return null;
  const issuer = reader.required('AUTH_ISSUER', "the identity provider's issuer");
  reader.url('AUTH_ISSUER', issuer);
  return {
    // Compared letter by letter: with some providers it ends in a slash.
    issuer,
    audience: reader.required('AUTH_AUDIENCE', 'the audience that access tokens name'),
    jwksUrl: reader.url('AUTH_JWKS_URL', reader.required('AUTH_JWKS_URL', "the address of the issuer's key set")),
    clientId: reader.text('AUTH_CLIENT_ID'),
    clientSecret: reader.text('AUTH_CLIENT_SECRET'),
    scopes: reader.text('AUTH_SCOPES') ?? 'openid profile email',
    tokens: tokenPolicy(reader),
  };
}

function tokenPolicy(reader: Reader): NonNullable<Settings['auth']>['tokens'] {
  const types = reader.list('AUTH_TOKEN_TYPES', ['at+jwt']).map((type) => type.toLowerCase());
  const clients = reader.list('AUTH_CLIENTS', []);
  if (types.some((type) => type !== 'at+jwt' && type !== 'jwt'))
    reader.faults.push('AUTH_TOKEN_TYPES must hold nothing but at+jwt and JWT, separated by a comma.');
  const ownClients = [...clients, reader.text('AUTH_CLIENT_ID')];
  if (types.includes('jwt') && ownClients.includes(reader.text('AUTH_AUDIENCE') ?? ''))
    reader.faults.push(
      'AUTH_AUDIENCE is a client id: with AUTH_TOKEN_TYPES=JWT no access token could be told from an ID token. ' +
        'Give the API an audience of its own.',
    );
  return {
    types,
    clients,
    requiredScopes: (reader.text('AUTH_REQUIRED_SCOPE') ?? '').split(/\s+/).filter((scope) => scope !== ''),
    maxSeconds: reader.number('AUTH_TOKEN_MAX_SECONDS', 86_400, 60, 31_536_000),
  };
}

function growingSeconds(reader: Reader, name: string, fallback: string): number[] {
  const seconds = (reader.text(name) ?? fallback).split(',').map(Number);
  if (seconds.some((s, i) => !Number.isFinite(s) || s <= (seconds[i - 1] ?? 0))) {
    reader.faults.push(`${name} must be growing seconds separated by commas, such as ${fallback}.`);
  }
  return seconds;
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
export function readCredentialsKeys(env: Env): Settings['credentialsKeys'] {
  const reader = new Reader(env);
  const keys = keyring(reader);
  if (reader.faults.length > 0) throw new SettingsError(reader.faults);
  return keys;
}

/**
 * Reads and checks the environment of `serve`. Throws `SettingsError` that names every fault at once, also those that `others`
 * find: settings that belong to a part of the service, such as a vendor.
 */
export function readSettings(env: Env, others: (reader: Reader) => unknown = () => undefined): Settings {
  const reader = new Reader(env);
  const production = reader.text('NODE_ENV')?.toLowerCase() === 'production';
  const localRun = reader.text('LOCAL_RUN') === 'true';
  if (production && localRun) reader.faults.push('LOCAL_RUN is refused when NODE_ENV=production: unset one of them.');
  const port = reader.number('PORT', 3000, 0, 65535);
  const publicUrl = reader.url('PUBLIC_URL', reader.text('PUBLIC_URL') ?? `http://localhost:${port}`);
  const settings: Settings = {
    databaseUrl: reader.required('DATABASE_URL', 'postgres://user:password@host:5432/database'),
    databaseShares: {
      perTeam: reader.number('TEAM_CONNECTIONS', 4, 1, 50),
      readMs: reader.number('READ_TIMEOUT_MS', 3_000, 100, 12_000),
    },
    port,
    host: reader.text('HOST') ?? (localRun ? '127.0.0.1' : '0.0.0.0'),
    publicUrl,
    webhookPublicUrl: reader.url('WEBHOOK_PUBLIC_URL', reader.text('WEBHOOK_PUBLIC_URL') ?? publicUrl),
    localRun,
    demoStateFile: localRun ? reader.text('DEMO_STATE_FILE') : null,
    production,
    auth: identity(reader, localRun),
    sessions: {
      idleMinutes: reader.number('SESSION_IDLE_MINUTES', 60, 1, 10_080),
      hours: reader.number('SESSION_HOURS', 12, 1, 168),
      recentMinutes: reader.number('RECENT_SIGN_IN_MINUTES', 240, 0, 10_080),
    },
    credentialsKeys: keyring(reader),
    orders: {
      held: reader.oneOf('ORDERS_HELD', ['true', 'false'], 'false') === 'true',
      timeoutMs: reader.number('ORDER_TIMEOUT_MS', 20_000, 100, 60_000),
      outcomeUnknownSeconds: growingSeconds(reader, 'ORDER_OUTCOME_UNKNOWN_SECONDS', '30,120,600,1800'),
      visibilityLagSeconds: reader.number('ORDER_VISIBILITY_LAG_SECONDS', 900, 1, 86_400),
      resends: reader.number('ORDER_RESENDS', 1, 0, 1),
      resendsPerHour: reader.number('ORDER_RESENDS_PER_HOUR', 20, 0, 100_000),
      breakerFailures: reader.number('ORDER_BREAKER_FAILURES', 5, 0, 1000),
      breakerSeconds: growingSeconds(reader, 'ORDER_BREAKER_SECONDS', '10,20,40,80,160,300'),
    },
    sweepSeconds: reader.number('SWEEP_SECONDS', 600, 1, 86_400),
    rateLimits: {
      userPerMinute: reader.number('RATE_LIMIT_PER_MINUTE', 600, 1, 10_000_000),
      teamPerMinute: reader.number('RATE_LIMIT_PER_TEAM_PER_MINUTE', 6_000, 1, 10_000_000),
      connectionTestsPerMinute: reader.number('CONNECTION_TESTS_PER_MINUTE', 10, 1, 10_000_000),
      failedWebhooksPerMinute: reader.number('FAILED_WEBHOOKS_PER_MINUTE', 300, 1, 10_000_000),
      failedSignInsPerMinute: reader.number('FAILED_SIGN_INS_PER_MINUTE', 120, 1, 10_000_000),
    },
    imports: {
      seconds: reader.number('IMPORT_SECONDS', 1800, 1, 86_400),
      idleSeconds: reader.number('IMPORT_IDLE_SECONDS', 30, 1, 3600),
    },
    kept: {
      // The API promises that an idempotency key is remembered for a day.
      idempotencyHours: reader.number('IDEMPOTENCY_HOURS', 24, 24, 720),
      // The vendor repeats an event for a few days at most. An older repeat would count as new and cause one more read of the case.
      inboundEventDays: reader.number('INBOUND_EVENT_DAYS', 90, 7, 3650),
      // The count that admins see covers 24 hours.
      rejectedSignatureDays: reader.number('REJECTED_SIGNATURE_DAYS', 30, 2, 3650),
      // The daily reconciliation covers 90 days.
      discrepancyDays: reader.number('DISCREPANCY_DAYS', 400, 90, 3650),
      erasedHistoryDays: reader.number('ERASED_HISTORY_DAYS', 30, 0, 3650),
      // A vendor key is valid for a year: until then reports can be downloaded with it.
      retiredConnectionDays: reader.number('RETIRED_CONNECTION_DAYS', 400, 90, 3650),
    },
    answerIdleSeconds: reader.number('ANSWER_IDLE_SECONDS', 30, 1, 3600),
    corsOrigins: origins(reader),
    metricsPort: reader.text('METRICS_PORT') === null ? null : reader.number('METRICS_PORT', 0, 0, 65_535),
    metricsHost: reader.text('METRICS_HOST') ?? '127.0.0.1',
    role: reader.oneOf('ROLE', ['all', 'api', 'worker'], 'all'),
    trustProxyHops: reader.number('TRUST_PROXY_HOPS', 0, 0, 10),
    drainSeconds: reader.number('SHUTDOWN_DRAIN_SECONDS', 2, 0, 300),
    logLevel: reader.oneOf('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
  };
  others(reader);
  if (reader.faults.length > 0) throw new SettingsError(reader.faults);
  return settings;
}
