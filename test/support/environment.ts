import { randomBytes } from 'node:crypto';

/** One key for all test apps, so that several on one database can open each other's secrets. */
const credentialsKeys = `test:${randomBytes(32).toString('base64')}`;

/** The database role of the service in tests. It is created with the template of a run. */
const serviceLogin = { username: 'ats_test_service', password: 'ats-test-service' };

/** The URL of the same database for the role of the service, which owns nothing. */
export function asService(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  Object.assign(url, serviceLogin);
  return url.href;
}

/** The settings of the service in tests, without limits unless a test asks for them. */
export function environment(databaseUrl: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    DATABASE_URL: asService(databaseUrl),
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
    FAILED_SIGN_INS_PER_MINUTE: '1000000',
    FAILED_WEBHOOKS_PER_MINUTE: '1000000',
    CONNECTION_TESTS_PER_MINUTE: '1000000',
    // Events of the tests stay on this machine.
    OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8',
    ...more,
  };
}

/** For suites that use repositories directly. Without a caller and a team, only the owner of the tables sees rows. */
export const environmentOfOwner = (databaseUrl: string, more: Record<string, string> = {}): Record<string, string> =>
  environment(databaseUrl, { DATABASE_URL: databaseUrl, ...more });
