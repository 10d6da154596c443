import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import type { Socket } from 'node:net';
import { GuardedProcess } from '../../scripts/guarded-process.ts';

/**
 * The shell at the other end of the pipe reads which processes run (`+`) and which have ended (`-`). When this process ends in
 * any way, the pipe closes, and the shell kills the remaining ones.
 */
const program = `alive=" "
while read -r what pid; do
  case "$what" in
    +) alive="$alive$pid " ;;
    -) alive=$(printf '%s' "$alive" | sed "s/ $pid / /") ;;
  esac
done
for pid in $alive; do kill -KILL "$pid" 2>/dev/null; done`;

const alive = new Set<ChildProcess>();
let reaper: ChildProcess | undefined;

/**
 * Starts a program that cannot outlive its parent. It is killed when the test file is over, whatever failed in it, and when
 * this process ends in any way. Every process of a test is started here or is a `GuardedProcess`.
 */
export const startProcess = ((command: string, args: string[], options: SpawnOptions): ChildProcess => {
  const child = spawn(command, args, options);
  const { pid } = child;
  if (pid === undefined) return child;
  alive.add(child);
  tell(`+ ${pid}`);
  child.once('exit', () => {
    alive.delete(child);
    tell(`- ${pid}`);
  });
  return child;
}) as typeof spawn;

function tell(line: string): void {
  reaper ??= startReaper();
  reaper.stdin?.write(`${line}\n`);
}

function startReaper(): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', program], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.stdin?.on('error', () => undefined);
  // Neither of them keeps this process alive.
  shell.unref();
  (shell.stdin as Socket | null)?.unref();
  return shell;
}

/** Kills the processes that still run. The shell ends when its pipe closes. */
async function endAll(): Promise<void> {
  const ended = [...alive].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of alive) child.kill('SIGKILL');
  await Promise.all([...ended, ...[...GuardedProcess.running].map((guarded) => guarded.stop())]);
  reaper?.stdin?.end();
  reaper = undefined;
}

// `node-environment.mjs` calls this once per test file, after all hooks of the file, whether or not they failed. The hooks may
// still need the processes. An `afterAll` here would run before those of the file.
Object.assign(globalThis, { endOwnProcesses: endAll });
