import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../../src/settings.js';

/** The settings that the operator must put into `.env`. */
const chosen: Record<string, string> = {
  SERVICE_PASSWORD: 'service',
  POSTGRES_PASSWORD: 'owner',
  PUBLIC_URL: 'https://ats.example.org',
  AUTH_ISSUER: 'https://sign-in.example.org',
  AUTH_AUDIENCE: 'https://ats.example.org/api',
  AUTH_JWKS_URL: 'https://sign-in.example.org/jwks',
  CREDENTIALS_KEYS: `first:${Buffer.alloc(32).toString('base64')}`,
};

/** Replaces `${NAME}`, `${NAME:-default}` and `${NAME:?message}` as compose does. A default may contain another variable. */
function filled(text: string): string {
  const inner = /\$\{([A-Z_]+)(?::([-?])([^${}]*))?\}/;
  const found = inner.exec(text);
  if (!found) return text;
  const [all, name = '', kind, rest = ''] = found;
  return filled(text.replace(all, chosen[name] ?? (kind === '-' ? rest : '')));
}

const compose = readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8');
const service = /\n  service:\n([^]*?)\n\S/.exec(compose)?.[1] ?? '';
const anchored = /\nx-database: &database\n([^]*?)\n\n/.exec(compose)?.[1] ?? '';
const lines = `${anchored}\n${service}`.matchAll(/^ +([A-Z_]+): '?([^'\n]*)'?$/gm);
const env = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, filled(value)]));

describe('The shipped compose file', () => {
  it('is found', () => {
    expect(Object.keys(env)).toEqual(expect.arrayContaining(['DATABASE_URL', 'PUBLIC_URL', 'CREDENTIALS_KEYS']));
  });

  it('starts the service with only the settings that it asks for', () => {
    expect(() => readSettings({ ...env, NODE_ENV: 'production' })).not.toThrow();
  });

  it('trusts the one proxy in front of the service, and exposes the port on this machine only', () => {
    expect(readSettings(env).trustProxyHops).toBe(1);
    expect(/\n {4}ports:\n([^]*?)\n {4}\w/.exec(service)?.[1]?.match(/^ +- .*$/gm)).toEqual([
      "      - '127.0.0.1:3000:3000'",
    ]);
  });
});
