import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import type { Socket } from 'node:net';
import { GuardedProcess } from '../../scripts/guarded-process.ts';

/**
 * The shell at the other end of the pipe reads who lives (`+`) and who is gone (`-`). When we die, however, the pipe closes
 * and it ends those who are left.
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
 * Starts a program that cannot outlive what started it: it is killed when the test file is over, whatever failed in it, and when
 * this process ends, however. Every process of a test is started here or is a `GuardedProcess`.
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
  // Neither keeps a program running that has nothing else to do.
  shell.unref();
  (shell.stdin as Socket | null)?.unref();
  return shell;
}

/** Ends what still runs. The shell goes with its pipe. */
async function endAll(): Promise<void> {
  const ended = [...alive].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of alive) child.kill('SIGKILL');
  await Promise.all([...ended, ...[...GuardedProcess.running].map((guarded) => guarded.stop())]);
  reaper?.stdin?.end();
  reaper = undefined;
}

// In a test file, once for the file, by `node-environment.mjs`: after all of the file's own hooks, which may still ask the
// processes something, whether or not they failed. An `afterAll` here would run before those of the file.
Object.assign(globalThis, { endOwnProcesses: endAll });
