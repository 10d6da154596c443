import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface GuardedOptions {
  /** The signal that asks the program to end. */
  signal: 'INT' | 'TERM';
  /** The file for its output; emptied at start. */
  log: string;
  cwd: string;
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number };
}

/**
 * The shell in between holds the other end of a pipe from us. When we die for any reason, the pipe closes and the shell ends the
 * program. The process group keeps Ctrl-C from reaching everything at once, because we decide the order of stopping.
 */
const guard = `exec 3<&0
signal=$1
shift
"$@" 3<&- </dev/null &
program=$!
( cat <&3 >/dev/null; kill -$signal $program 2>/dev/null ) &
exec 3<&-
wait $program`;

/** A child process that cannot outlive this one. */
export class GuardedProcess {
  /** The running ones of this process. */
  static readonly running = new Set<GuardedProcess>();
  /** Settles when the program has ended, for whatever reason. */
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

  /** Its output so far, or of its last start. */
  output(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** Asks it to end. After `patience` milliseconds kills it and everything it started. */
  async stop(patience = 8000): Promise<void> {
    if (!this.running) return;
    this.shell.stdin?.end();
    const late = setTimeout(() => this.kill(), patience);
    await this.ended;
    clearTimeout(late);
  }

  private kill(): void {
    // The minus addresses the child's process group, never ours.
    if (this.shell.pid !== undefined) process.kill(-this.shell.pid, 'SIGKILL');
  }
}
