import { randomBytes } from 'node:crypto';

/** One key for all test apps, so that several on one database can open each other's secrets. */
const credentialsKeys = `test:${randomBytes(32).toString('base64')}`;

/** What the service is told in tests: no limits that a test does not ask for. */
export function environment(databaseUrl: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    LOCAL_RUN: 'true',
    NODE_ENV: 'test',
    PORT: '0',
    HOST: '127.0.0.1',
    PUBLIC_URL: 'http://localhost:3000',
    CREDENTIALS_KEYS: credentialsKeys,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    CERTN_REQUESTS_PER_MINUTE: '100000',
    CERTN_REQUESTS_PER_DAY: '1000000',
    RATE_LIMIT_PER_MINUTE: '1000000',
    RATE_LIMIT_PER_TEAM_PER_MINUTE: '1000000',
    ...more,
  };
}
