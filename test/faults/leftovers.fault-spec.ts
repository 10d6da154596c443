import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { checkout } from '../../scripts/local-run.ts';
import { eventually } from '../support/eventually.js';
import { startProcess } from '../support/own-processes.ts';
import { patience } from './harness.ts';

const jest = join(checkout, 'node_modules', 'jest', 'bin', 'jest.js');

/** Runs of jest that end badly, and the processes that are left of them: found by a mark in the PATH that all of them inherit. */
describe('a run that ends badly leaves no process behind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ats-leftovers-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  interface Run {
    mark: string;
    ready: string;
    kill: (signal: NodeJS.Signals) => boolean;
    ended: Promise<string>;
  }

  function run(suites: string, workers: number, timeoutMs = 240_000, more: string[] = []): Run {
    const mark = `ats-left-${randomUUID()}`;
    const ready = join(folder, mark);
    const args = ['--selectProjects', 'leftovers', `--maxWorkers=${workers}`, '--testPathPatterns', suites, ...more];
    const child = startProcess(process.execPath, [jest, ...args], {
      cwd: checkout,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${process.env.PATH}${delimiter}/nowhere/${mark}`,
        HOME: process.env.HOME,
        NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
        LEFTOVERS: ready,
        LEFTOVERS_TIMEOUT: String(timeoutMs),
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    const ended = new Promise<string>((resolve) => child.once('exit', () => resolve(said)));
    return { mark, ready, kill: (signal) => child.kill(signal), ended };
  }

  const ofRun = async (mark: string): Promise<string[]> =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(mark))
      .map((name) => read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').slice(0, 120))
      // A process that has ended and whose end nobody has looked at yet.
      .filter((command) => command !== '');
  const nothingIsLeft = async (mark: string): Promise<void> => {
    const left = await eventually(
      'nothing is left',
      () => ofRun(mark),
      ({ length }) => length === 0,
      20_000,
    ).catch(() => ofRun(mark));
    expect(left).toEqual([]);
  };

  it(
    'when a preparation fails half way: the run ends by itself',
    async () => {
      const { mark, ended } = run('fails-half-way', 1);
      expect(await ended).toContain('half way');
      await nothingIsLeft(mark);
    },
    patience,
  );

  it(
    'when a test takes too long, beside another that fails, and jest is told to force its end',
    async () => {
      const { mark, ended } = run('', 2, 25_000, ['--forceExit']);
      expect(await ended).toMatch(/Exceeded timeout of 25000 ms[^]*2 failed/);
      await nothingIsLeft(mark);
    },
    patience,
  );

  it.each([
    ['SIGTERM', 1],
    ['SIGTERM', 2],
    ['SIGINT', 1],
    ['SIGKILL', 2],
  ] as const)(
    'when jest is ended by %s in the middle, with %i workers',
    async (signal, workers) => {
      const started = run(workers === 1 ? 'never-ends' : '', workers);
      await eventually('all is started', async () => existsSync(started.ready), Boolean, 120_000);
      // Otherwise the test would find nothing whatever happened.
      expect(
        (await ofRun(started.mark)).filter((command) => /dist\/main\.js|sandbox\/main\.ts/.test(command)),
      ).toHaveLength(4);
      started.kill(signal);
      await started.ended;
      await nothingIsLeft(started.mark);
    },
    patience,
  );
});

/** Empty when it is gone meanwhile, or is another user's. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
