import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { certnSettings } from '../../src/contexts/integrations/vendors/certn/settings.js';
import { type Env, Reader } from '../../src/platform/config/reader.js';
import { readSettings, settingsOfContexts } from '../../src/settings.js';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const named = (text: string, form: RegExp): string[] => [
  ...new Set([...text.matchAll(form)].map(([, name = '']) => name)),
];

/** The settings of the service, of each context, and of each vendor. */
const withSettings = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .map((owner) => `${folder}/${owner}/settings.ts`)
    .filter((file) => existsSync(join(root, file)));
const filesOfContexts = withSettings('src/contexts');
const settingsFiles = [
  'src/platform/config/settings.ts',
  ...filesOfContexts,
  ...withSettings('src/contexts/integrations/vendors'),
];
const settingsText = settingsFiles.map(read).join('\n');
const former = named(settingsText, /^ {2}[A-Z_]+: '([A-Z_]+)',$/gm);
const inCode = named(settingsText, /'([A-Z][A-Z\d]*(?:_[A-Z\d]+)*)'/g).filter(
  (name) => /^[A-Z]{4,}|_/.test(name) && !former.includes(name),
);
const lines = read('.env.example').split('\n');
const entries = lines.flatMap((line, index) => {
  const [, optional = '', name, value = ''] = /^(# )?([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? [];
  return name ? [{ name, value, required: optional === '', before: lines[index - 1] ?? '' }] : [];
});
/** Of commands and of the compose file. */
const elsewhere = ['MIGRATION_DATABASE_URL', 'SERVICE_PASSWORD', 'POSTGRES_PASSWORD', 'POSTGRES_IMAGE'];
/** Set by `npm start` or by what runs Node; the table of the README is about what an operator sets. */
const notForOperators = ['LOCAL_RUN', 'DEMO_STATE_FILE', 'NODE_ENV'];

const required: Record<string, string> = {
  DATABASE_URL: 'postgres://ats_service@db.example.org:5432/ats',
  CREDENTIALS_KEYS: `first:${Buffer.alloc(32).toString('base64')}`,
  AUTH_ISSUER: 'https://sign-in.example.org',
  AUTH_AUDIENCE: 'https://ats.example.org/api',
  AUTH_JWKS_URL: 'https://sign-in.example.org/jwks',
};

describe('.env.example', () => {
  it('has every setting that the service reads, and no other', () => {
    expect(inCode.length).toBeGreaterThan(50);
    expect(
      entries
        .map(({ name }) => name)
        .filter((name) => !elsewhere.includes(name))
        .sort(),
    ).toEqual([...inCode].sort());
  });

  it('explains each setting in the line above it, or above its neighbour', () => {
    const explained = (before: string): boolean => /^# (?!-)./.test(before);
    expect(entries.filter(({ before }) => !explained(before)).map(({ name }) => name)).toEqual([]);
  });

  it('leaves what is required to be filled in, and nothing else', () => {
    expect(
      entries
        .filter((entry) => entry.required)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(required).sort());
    expect(() => readSettings({})).toThrow(/DATABASE_URL[^]*CREDENTIALS_KEYS|CREDENTIALS_KEYS[^]*DATABASE_URL/);
  });

  it('names the defaults: with all of its values the service runs as without them', () => {
    const given = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
    expect(readSettings({ ...given, ...required })).toEqual(readSettings(required));
    for (const read of [...settingsOfContexts, certnSettings])
      expect(read(new Reader({ ...given, ...required }))).toEqual(read(new Reader(required)));
  });
});

describe('The settings of contexts and vendors', () => {
  const faultsOf = (env: Env): string[] => {
    try {
      readSettings({ ...required, ...env });
      return [];
    } catch (error) {
      return (error as { faults: string[] }).faults;
    }
  };

  it('are read by the context that owns them, and listed in src/settings.ts', () => {
    expect(settingsOfContexts).toHaveLength(filesOfContexts.length);
  });

  it('are checked with the others: all faults are named at once', () => {
    expect(faultsOf({})).toEqual([]);
    const env = {
      READ_TIMEOUT_MS: 'none',
      SESSION_HOURS: '0',
      IMPORT_SECONDS: '0',
      IDEMPOTENCY_HOURS: '1',
      ORDER_BREAKER_SECONDS: '2,1',
      CERTN_REQUESTS_PER_DAY: '0',
      CERTN_BASE_URL: 'nowhere',
      CERTN_REPORT_HOSTS: 'a/b',
    };
    expect(faultsOf(env)).toEqual([
      'READ_TIMEOUT_MS is "none": it must be a whole number from 100 to 12000.',
      'IDEMPOTENCY_HOURS is "1": it must be a whole number from 24 to 720.',
      'SESSION_HOURS is "0": it must be a whole number from 1 to 168.',
      'IMPORT_SECONDS is "0": it must be a whole number from 1 to 86400.',
      'ORDER_BREAKER_SECONDS must be growing seconds separated by commas, such as 10,20,40,80,160,300.',
      'CERTN_BASE_URL is "nowhere": it must be an https address (http only on loopback).',
      'CERTN_REQUESTS_PER_DAY is "0": it must be a whole number from 1 to 10000000.',
      'CERTN_REPORT_HOSTS holds "a/b": it must be the name of a host, without a scheme, a port or a path.',
    ]);
  });
});

describe('The settings in the README', () => {
  it('are all that an operator can set', () => {
    const [, section = ''] = read('README.md').split(/^## Settings of `serve`$/m);
    const table = section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|')[1] ?? '')
      .join();
    const listed = named(table, /`([A-Z][A-Z_]+)`/g).filter((name) => name !== 'MIGRATION_DATABASE_URL');
    expect(listed.sort()).toEqual(inCode.filter((name) => !notForOperators.includes(name)).sort());
  });
});
