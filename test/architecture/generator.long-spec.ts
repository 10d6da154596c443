import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { projectRoot } from '../support/citations.js';

/** One of each, with its options. The two handlers have their events from another context and from the own room. */
const commands = [
  'use-case flag-candidate --in hiring --route',
  'use-case pause-orders --in integrations/orders --requires manage_integrations',
  'event-handler revoke-flags --in hiring --event UserErased',
  'reaction note-orders --in integrations/cases --event OrderDue',
  'context payroll --knows access,hiring',
  'vendor trustfolk',
  'activity phone-screen',
  'screen talent-pools',
].map((line) => (line.endsWith('--route') ? [...line.split(' '), 'POST /candidates/{id}/flag'] : line.split(' ')));

const leftOut = [
  'node_modules',
  '.git',
  '.data',
  'dist',
  'coverage',
  'docs/screenshots',
  'web/node_modules',
  'web/dist',
];
const unitSpecs = /^(src|web)\/.*\.spec\.ts$/;

let copy: string;
let written: string[];
let specs: string[];

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'ats-new-'));
  const filter = (from: string): boolean => !leftOut.includes(relative(projectRoot, from));
  cpSync(projectRoot, copy, { recursive: true, filter });
  for (const folder of ['node_modules', 'web/node_modules']) {
    if (existsSync(join(projectRoot, folder))) symlinkSync(join(projectRoot, folder), join(copy, folder));
  }
  written = commands.flatMap((command) => writtenBy(command));
  specs = written.filter((path) => unitSpecs.test(path));
}, 120_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a program in the copy: its exit code, and all that it said. */
function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { code: number | null; said: string } {
  const options = { cwd: copy, encoding: 'utf8', env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(program, args, options);
  return { code: status, said: `${stdout}\n${stderr}` };
}

const generate = (command: readonly string[]) => run(process.execPath, ['scripts/new.ts', ...command]);

function writtenBy(command: readonly string[]): string[] {
  const { code, said } = generate(command);
  if (code !== 0) throw new Error(`${command.join(' ')}: ${said}`);
  return [...said.matchAll(/^ {2}(?:new|changed) +(\S+)$/gm)].map(([, path = '']) => path);
}

const tool = (name: string, args: readonly string[]) => run(join(copy, 'node_modules/.bin', name), args);
const source = (path: string): boolean => /\.tsx?$/.test(path) && !path.includes('/probes/');

describe('What npm run new writes, as it is,', () => {
  it.each(['.', 'web'])(
    'has no type error in %s',
    (project) => {
      expect(tool('tsc', ['--noEmit', '-p', project])).toEqual({ code: 0, said: '\n' });
    },
    180_000,
  );

  it('has no finding of the linter and is formatted', () => {
    const files = [...new Set(written)];
    expect(tool('prettier', ['--check', ...files])).toMatchObject({ code: 0 });
    expect(tool('eslint', files.filter(source))).toEqual({ code: 0, said: '\n' });
  }, 180_000);

  it('keeps the boundaries', () => {
    expect(tool('depcruise', ['src', 'packages'])).toMatchObject({ code: 0 });
  }, 180_000);

  it('has a unit test for each, which fails because the work is not written', () => {
    expect(specs).toHaveLength(commands.length);
    const result = join(copy, 'result.json');
    const args = [
      '--selectProjects',
      'unit',
      'tools',
      '--json',
      `--outputFile=${result}`,
      '--runTestsByPath',
      ...specs,
    ];
    run(join(copy, 'node_modules/.bin/jest'), args, { NODE_OPTIONS: '--experimental-vm-modules' });
    const { testResults } = JSON.parse(readFileSync(result, 'utf8')) as Results;
    const failures = testResults.map(({ assertionResults }) =>
      assertionResults.flatMap(({ failureMessages }) => failureMessages).map((why) => /write me/.test(why)),
    );
    expect(failures).toEqual(specs.map(() => [true]));
  }, 180_000);
});

interface Results {
  testResults: { assertionResults: { failureMessages: string[] }[] }[];
}

describe('npm run new refuses', () => {
  it.each([
    ['what exists', ['use-case', 'flag-candidate', '--in', 'hiring'], 'flag-candidate.ts exists already'],
    ['an activity that exists', ['activity', 'task'], 'task.ts exists already'],
    ['a context that exists', ['context', 'hiring'], 'hiring exists already'],
    ['a screen of which a part exists', ['screen', 'jobs'], 'exists already'],
    ['another spelling', ['screen', 'TalentPools'], 'kebab-case'],
    ['a vendor of two words', ['vendor', 'trust-folk'], 'one word'],
    ['a path as a name', ['screen', '../talent-pools'], 'kebab-case'],
    ['a name without a noun', ['use-case', 'archive', '--in', 'hiring'], 'a verb and a noun'],
    ['an unknown context', ['use-case', 'archive-job', '--in', 'nowhere'], 'There is no src/contexts/nowhere'],
    ['a context with rooms', ['use-case', 'archive-job', '--in', 'integrations'], 'Name one of its rooms'],
    ['an unknown right', ['use-case', 'archive-job', '--in', 'hiring', '--requires', 'fly'], 'A capability is one of'],
    ['an unknown event', ['event-handler', 'note-it', '--in', 'hiring', '--event', 'ItRained'], 'ItRained'],
    [
      'an event of a context that is not known',
      ['reaction', 'note-it', '--in', 'hiring', '--event', 'CaseChanged'],
      'know',
    ],
    ['an unknown option', ['screen', 'offers', '--in', 'hiring'], "Unknown option '--in'"],
    ['an unknown kind', ['widget', 'offers'], 'Usage:'],
  ])('%s, and writes nothing', (_what, command, why) => {
    const before = stateOf(copy);
    const { code, said } = generate(command);
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(why) });
    expect(said).toContain('Nothing was written.');
    expect(stateOf(copy)).toEqual(before);
  });
});

/** Every file that the generator could write, with its content. */
function stateOf(folder: string): [string, string][] {
  const files = ['src', 'web/src', 'test/browser', 'test/support', 'test/architecture/probes'].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const paths = [...files, join(folder, 'openapi.json'), join(folder, '.dependency-cruiser.cjs')];
  return paths.sort().map((path) => [path, readFileSync(path, 'utf8')]);
}
