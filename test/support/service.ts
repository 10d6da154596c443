import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { environment } from './environment.js';
import { eventually } from './eventually.js';
import { startProcess } from './own-processes.js';
import { call } from './people.js';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** The built service as an operating system process, as an operator runs it. */
export class Service {
  /** Its output on standard error and its log lines. */
  readonly said: string[] = [];

  private constructor(
    readonly url: string,
    readonly process: ChildProcess,
    readonly ended: Promise<number | null>,
  ) {}

  static async start(databaseUrl: string, port: number, env: Record<string, string> = {}): Promise<Service> {
    const service = Service.spawn(databaseUrl, port, env);
    const gone = service.ended.then((code) => {
      throw new Error(`The service ended with ${code}: ${service.said.slice(-5).join('\n')}`);
    });
    const ready = eventually(
      'the service is ready',
      () => call(service.url, 'GET', '/health/ready'),
      (answer) => answer.status === 200,
      20_000,
    );
    gone.catch(() => undefined);
    await Promise.race([ready, gone]);
    return service;
  }

  /** Starts it without waiting for readiness, for starts that must fail. */
  static spawn(databaseUrl: string, port: number, env: Record<string, string> = {}): Service {
    const child = startProcess(process.execPath, [main], {
      env: { PATH: process.env['PATH'], ...environment(databaseUrl, { PORT: String(port), ...env }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    const service = new Service(`http://127.0.0.1:${port}`, child, ended);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => service.said.push(line));
    }
    return service;
  }

  /** Stops it as an orchestrator does. Resolves to the exit code. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.process.kill(signal);
    return this.ended;
  }
}
