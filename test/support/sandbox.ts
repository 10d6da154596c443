import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { certnStandInProgram, SandboxControl } from '../../packages/testkit/src/index.ts';
import { freePort } from '../../scripts/free-port.ts';
import { startProcess } from './own-processes.ts';

export type * from '../../packages/testkit/src/index.ts';

/** The Certn stand-in in its own process. Give a `dataDir` to keep its data across `restart`. */
export async function startSandbox(options: { dataDir?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Sandbox> {
  const sandbox = new Sandbox(options);
  await sandbox.start();
  return sandbox;
}

export class Sandbox {
  url = '';
  readonly control = new SandboxControl(() => this.url);
  private readonly options: { dataDir?: string; env?: NodeJS.ProcessEnv };
  private child: ChildProcess | undefined;

  constructor(options: { dataDir?: string; env?: NodeJS.ProcessEnv }) {
    this.options = options;
  }

  /** Uses a free port unless one is given. */
  async start(fixedPort?: number): Promise<void> {
    const port = fixedPort ?? (await freePort());
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_OPTIONS: '',
      ...this.options.env,
      SANDBOX_PORT: String(port),
    };
    if (this.options.dataDir !== undefined) env.SANDBOX_DATA_DIR = this.options.dataDir;
    this.child = startProcess(process.execPath, [certnStandInProgram], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.url = await readyUrl(this.child);
  }

  /** Stops it as an operator does. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** Kills it, as a crash does. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Starts it again on the same port and with the same data. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start(Number(new URL(this.url).port));
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
  }
}

/** Resolves with the URL that it prints when ready. Rejects with its last output if it ends before. */
function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaints = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaints = `${complaints}${chunk.toString()}`.slice(-4_000)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The sandbox ended with ${code}: ${complaints.trim()}`)));
    if (!child.stdout) return;
    createInterface(child.stdout).once('line', (line) => {
      const { ready, url } = JSON.parse(line) as { ready?: boolean; url?: string };
      if (ready === true && url !== undefined) resolve(url);
      else reject(new Error(`The sandbox said ${line}`));
    });
  });
}
