import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface GuardedOptions {
  /** What asks the program to end. */
  signal: 'INT' | 'TERM';
  /** Where its output goes; emptied at start. */
  log: string;
  cwd: string;
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number };
}

/**
 * The shell in between holds the other end of a pipe from us: when we die, however, the pipe closes and it ends the
 * program. A group of its own keeps Ctrl-C from reaching everything at once: the order of stopping is ours.
 */
const guard = `exec 3<&0
signal=$1
shift
"$@" 3<&- </dev/null &
program=$!
( cat <&3 >/dev/null; kill -$signal $program 2>/dev/null ) &
exec 3<&-
wait $program`;

/** A program of ours that cannot outlive us. */
export class GuardedProcess {
  /** Those of this process that run. */
  static readonly running = new Set<GuardedProcess>();
  /** Settles when the program is gone, whoever ended it. */
  readonly ended: Promise<void>;
  readonly log: string;
  private readonly shell: ChildProcess;

  constructor(command: string[], { signal, log, user, ...options }: GuardedOptions) {
    this.log = log;
    const output = openSync(log, 'w', 0o600);
    const stdio = ['pipe' as const, output, output];
    this.shell = spawn('/bin/sh', ['-c', guard, 'sh', signal, ...command], {
      ...options,
      ...user,
      detached: true,
      stdio,
    });
    closeSync(output);
    this.ended = new Promise((resolve) => this.shell.once('exit', () => resolve()));
    GuardedProcess.running.add(this);
    void this.ended.then(() => {
      GuardedProcess.running.delete(this);
      this.shell.stdin?.destroy();
    });
  }

  get running(): boolean {
    return this.shell.exitCode === null && this.shell.signalCode === null;
  }

  /** What it wrote so far, or in its last start. */
  output(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** Asks it to end; after `patience` milliseconds ends it and whatever it started. */
  async stop(patience = 8000): Promise<void> {
    if (!this.running) return;
    this.shell.stdin?.end();
    const late = setTimeout(() => this.kill(), patience);
    await this.ended;
    clearTimeout(late);
  }

  private kill(): void {
    // Its own group, hence the minus; never ours.
    if (this.shell.pid !== undefined) process.kill(-this.shell.pid, 'SIGKILL');
  }
}
