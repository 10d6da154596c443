import { randomBytes } from 'node:crypto';
import { freePort } from '../../scripts/free-port.ts';
import { Service } from '../support/service.ts';

const nowhere = 'postgres://nobody@127.0.0.1:1/none_test';
const key = (bytes: number): string => randomBytes(bytes).toString('base64');

/** The output of a start with this environment, and its exit code. */
async function start(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const service = Service.spawn(nowhere, await freePort(), env);
  const giveUp = setTimeout(() => service.process.kill('SIGKILL'), 20_000);
  const code = await service.ended;
  clearTimeout(giveUp);
  return { code, output: service.said.join('\n') };
}

describe('a start without valid keys [A22]', () => {
  it.each<[string, string]>([
    ['missing', ''],
    ['blank', ' \t '],
    ['nothing but a comma', ','],
    ['a name and blanks', 'one:      '],
    ['a key without a name', key(32)],
    ['a key that is too short', `one:${key(31)}`],
    ['a key with something else mixed in', `one:${key(32).slice(0, 20)} ${key(32).slice(20)}`],
    ['a good one and a bad one', `one:${key(32)},two:${'!'.repeat(44)}`],
    ['two of the same name', `one:${key(32)},one:${key(32)}`],
  ])('is refused with a reason that hides the key: %s [A22]', async (_what, keys) => {
    const { code, output } = await start({ CREDENTIALS_KEYS: keys });
    expect(output).toMatch(/CREDENTIALS_KEYS/);
    expect(code).toBe(1);
    for (const part of keys.split(/[:,]/).filter(({ length }) => length > 8)) expect(output).not.toContain(part.trim());
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no database', { DATABASE_URL: ' ' }, /DATABASE_URL is missing/],
    ['no sign-in', { LOCAL_RUN: 'false' }, /AUTH_ISSUER is missing[^]*AUTH_AUDIENCE[^]*AUTH_JWKS_URL/],
    ['local sign-in in production', { NODE_ENV: 'production' }, /LOCAL_RUN is refused/],
    ['issuer and Certn over plain http', overHttp('http://a.example.org'), /AUTH_ISSUER is[^]*AUTH_JWKS_URL is/],
  ])('is refused with %s [A22]', async (_what, env, reason) => {
    const { code, output } = await start({ CREDENTIALS_KEYS: `one:${key(32)}`, ...env });
    expect(output).toMatch(reason);
    expect(code).toBe(1);
  });

  it('continues with a valid key, up to the missing database [A22]', async () => {
    const { code, output } = await start({ CREDENTIALS_KEYS: `two:${key(32)},one:${key(32)}` });
    expect(output).toMatch(/DATABASE_URL does not answer/);
    expect(output).not.toMatch(/CREDENTIALS_KEYS/);
    expect(code).toBe(1);
  });
});

function overHttp(url: string): Record<string, string> {
  const auth = { AUTH_ISSUER: url, AUTH_AUDIENCE: 'ats', AUTH_JWKS_URL: `${url}/jwks` };
  return { LOCAL_RUN: 'false', CERTN_BASE_URL: url, ...auth };
}
