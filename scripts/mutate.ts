import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { keepScore, percentOf, scores } from '../test/mutation/score.ts';
import { checkout } from './local-run.ts';

const checks = 'src/contexts/background-checks';
const orders = 'src/contexts/integrations/orders';
/** What is mutated. The specs of the same layers, all with fakes and without a database, must notice. */
const pieces: Record<string, string> = {
  'checks/domain': `${checks}/domain`,
  'checks/application': `${checks}/application`,
  'orders/domain': `${orders}/domain`,
  'orders/application': `${orders}/application`,
};

const usage = `npm run mutate [-- <piece> [<file>]] [--force]

Changes the code in small ways and counts how many changes a unit spec notices. Without a piece: all of
${Object.keys(pieces).join(', ')}.
<file>   mutates one file of the piece and keeps no score, for work on its specs
--force  forgets the last run; without it, only what differs from the last run is tested`;

const arguments_ = process.argv.slice(2).filter((argument) => argument !== '--force');
const force = process.argv.includes('--force');
const [named, file] = arguments_;
if (named !== undefined && !(named in pieces)) throw new Error(usage);

for (const [piece, folder] of Object.entries(pieces))
  if (named === undefined || named === piece) await run(piece, folder);
console.log(`\nAll pieces: ${percentOf(Object.values(scores())).toFixed(1)} % of the mutants are killed.`);

async function run(piece: string, folder: string): Promise<void> {
  const commit = checkedOut();
  // Read by test/mutation/specs.ts in the processes that run the specs.
  process.env.SPECS = `${join(folder, '..')}/{domain,application}/**/*.spec.ts`;
  const reports = join('.data/mutation', piece.replace('/', '-'));
  mkdirSync(join(checkout, reports), { recursive: true });
  const mutants = await new Stryker({
    mutate: file === undefined ? [`${folder}/**/*.ts`, '!**/*spec.ts'] : [`${folder}/${file}`],
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner', './test/mutation/ignore-log-lines.mjs'],
    ignorers: ['log-lines'],
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.mjs', enableFindRelatedTests: false },
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // Jest never frees an ECMAScript module.
    maxTestRunnerReuse: 100,
    // A busy machine is no endless loop. The tester finds endless loops by counting.
    timeoutMS: 60_000,
    tempDirName: `.data/mutation/sandbox-${process.pid}`,
    cleanTempDir: 'always',
    // What no unit spec reads.
    ignorePatterns: ['.data', 'dist', 'web', 'docs', 'packages'],
    incremental: file === undefined,
    incrementalFile: join(reports, 'last-run.json'),
    force,
    reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    htmlReporter: { fileName: join(reports, 'report.html') },
    jsonReporter: { fileName: join(reports, 'report.json') },
  }).runMutationTest();
  if (file === undefined)
    keep(
      piece,
      commit,
      mutants.map(({ status }) => status),
    );
}

function keep(piece: string, commit: string, statuses: string[]): void {
  const count = (...wanted: string[]): number => statuses.filter((status) => wanted.includes(status)).length;
  const killed = count('Killed', 'Timeout');
  const mutants = killed + count('Survived', 'NoCoverage');
  const date = new Date().toISOString().slice(0, 10);
  keepScore(piece, { mutants, killed, date, commit });
}

/** The commit, with a `+` when code or tests differ from it. */
function checkedOut(): string {
  const git = (...args: string[]): string => spawnSync('git', args, { cwd: checkout, encoding: 'utf8' }).stdout.trim();
  return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'src', 'test') === '' ? '' : '+');
}
