import { type ChildProcess, spawn } from 'node:child_process';

/**
 * The shell at the other end of the pipe reads who lives (`+`) and who is gone (`-`). When we die, however, the pipe closes
 * and it ends those who are left: no run leaves a process behind.
 */
const program = `alive=" "
while read -r what pid; do
  case "$what" in
    +) alive="$alive$pid " ;;
    -) alive=$(printf '%s' "$alive" | sed "s/ $pid / /") ;;
  esac
done
for pid in $alive; do kill -KILL "$pid" 2>/dev/null; done`;

/** Ends what a run started, also when the run itself is killed. */
export class Reaper {
  private readonly shell: ChildProcess;

  constructor() {
    this.shell = spawn('/bin/sh', ['-c', program], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.shell.stdin?.on('error', () => undefined);
    this.shell.unref();
  }

  watch(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.shell.stdin?.write(`+ ${pid}\n`);
    child.once('exit', () => this.shell.stdin?.write(`- ${pid}\n`));
  }

  /** A process that somebody else started for us. */
  watchPid(pid: number): () => void {
    this.shell.stdin?.write(`+ ${pid}\n`);
    return () => this.shell.stdin?.write(`- ${pid}\n`);
  }

  close(): void {
    this.shell.stdin?.end();
  }
}
