import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { checkout } from '../../scripts/local-run.ts';
import { eventually } from '../support/eventually.js';
import { startProcess } from '../support/own-processes.ts';
import { patience } from './harness.ts';

const jest = join(checkout, 'node_modules', 'jest', 'bin', 'jest.js');

/** Runs jest so that it ends badly, and looks for remaining processes by a mark in the PATH that all of them inherit. */
describe('a test run that ends badly leaves no process behind', () => {
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
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const ended = new Promise<string>((resolve) => child.once('exit', () => resolve(output)));
    return { mark, ready, kill: (signal) => child.kill(signal), ended };
  }

  /** Fails at once, with what the run printed, when the run ends before that. */
  async function allAreStarted({ ready, ended }: Run): Promise<void> {
    const endedEarly = ended.then((output) => {
      throw new Error(`The run ended before its processes were started:\n${output}`);
    });
    const waited = eventually('all processes are started', async () => existsSync(ready), Boolean, 120_000);
    await Promise.race([waited, endedEarly]);
  }

  const ofRun = async (mark: string): Promise<string[]> =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(mark))
      .map((name) => read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').slice(0, 120))
      // An empty command line: a process that has ended but was not yet reaped.
      .filter((command) => command !== '');
  const expectNoneLeft = async (mark: string): Promise<void> => {
    const left = await eventually(
      'no process is left',
      () => ofRun(mark),
      ({ length }) => length === 0,
      20_000,
    ).catch(() => ofRun(mark));
    expect(left).toEqual([]);
  };

  it(
    'when setup fails half way: the run ends by itself',
    async () => {
      const { mark, ended } = run('fails-half-way', 1);
      expect(await ended).toContain('half way');
      await expectNoneLeft(mark);
    },
    patience,
  );

  it(
    'when a test exceeds its time limit, another fails, and jest runs with --forceExit',
    async () => {
      const { mark, ended } = run('', 2, 25_000, ['--forceExit']);
      expect(await ended).toMatch(/Exceeded timeout of 25000 ms[^]*2 failed/);
      await expectNoneLeft(mark);
    },
    patience,
  );

  it.each([
    ['SIGTERM', 1],
    ['SIGTERM', 2],
    ['SIGINT', 1],
    ['SIGKILL', 2],
  ] as const)(
    'when %s ends jest during a test, with %i workers',
    async (signal, workers) => {
      const started = run(workers === 1 ? 'never-ends' : '', workers);
      await allAreStarted(started);
      // Otherwise the test would pass without any process to find.
      expect(
        (await ofRun(started.mark)).filter((command) => /dist\/main\.js|testkit\/src\/main\.ts/.test(command)),
      ).toHaveLength(4);
      started.kill(signal);
      await started.ended;
      await expectNoneLeft(started.mark);
    },
    patience,
  );
});

/** Empty when the process is gone or belongs to another user. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
