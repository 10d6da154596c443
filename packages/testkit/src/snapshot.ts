import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { StoredState } from './store.ts';

const quietMs = 250;
/** A large state is written less often, so that writing takes at most about a twentieth of the time. */
const restPerWrite = 20;

/** The state on disk. It is written whole and replaced by a rename, so that a reader sees the old file or the new one. */
export class Snapshot {
  private readonly path: string | undefined;
  private readonly state: () => StoredState;
  private timer: NodeJS.Timeout | undefined;
  private lastWriteMs = 0;

  constructor(path: string | undefined, state: () => StoredState) {
    this.path = path;
    this.state = state;
  }

  load(): StoredState | undefined {
    if (this.path === undefined || !existsSync(this.path)) return undefined;
    return JSON.parse(readFileSync(this.path, 'utf8')) as StoredState;
  }

  /** Schedules a write after a change. */
  touch(): void {
    if (this.path === undefined || this.timer) return;
    this.timer = setTimeout(() => this.write(), Math.max(quietMs, this.lastWriteMs * restPerWrite));
  }

  write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.path === undefined) return;
    const started = performance.now();
    writeFileSync(`${this.path}.new`, JSON.stringify(this.state()));
    renameSync(`${this.path}.new`, this.path);
    this.lastWriteMs = performance.now() - started;
  }
}
