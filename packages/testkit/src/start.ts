import { extname, join } from 'node:path';
import type { SandboxOptions } from './app.ts';
import { SandboxControl } from './control-client.ts';

export type CertnStandInOptions = SandboxOptions;

export interface RunningCertnStandIn {
  /** What the program under test takes for Certn's address. */
  url: string;
  /** Plays the candidate and Certn, makes faults, and shows what was asked and ordered. */
  control: SandboxControl;
  stop: () => Promise<void>;
}

/** A Certn in this process, on a free port of 127.0.0.1 unless the options say otherwise. */
export async function startCertnStandIn(options: CertnStandInOptions = {}): Promise<RunningCertnStandIn> {
  // Loaded only here: most tests run it as a process of its own and need the control alone.
  const { startSandbox } = await import('./app.ts');
  const { url, close } = await startSandbox(options);
  return { url, control: new SandboxControl(() => url), stop: close };
}

/** The file that Node.js runs as a process of its own, for tests that kill Certn. The README has its settings. */
export const certnStandInProgram = join(import.meta.dirname, `main${extname(import.meta.url)}`);
