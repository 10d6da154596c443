import { appendFileSync } from 'node:fs';

/** An action on the system, or one that the system acknowledged. */
export interface Action {
  at: string;
  what: string;
  [fact: string]: unknown;
}

/** The test's own record of a run: one line for each action, on disk at once. */
export class ActionRecord {
  readonly file: string;
  readonly actions: Action[] = [];

  constructor(file: string) {
    this.file = file;
  }

  note(what: string, facts: Record<string, unknown> = {}): void {
    const action = { at: new Date().toISOString(), what, ...facts };
    this.actions.push(action);
    appendFileSync(this.file, `${JSON.stringify(action)}\n`);
  }

  of(what: string): Action[] {
    return this.actions.filter((action) => action.what === what);
  }
}
