import { readFile } from 'node:fs/promises';

export interface DemoState {
  /** The demo data is being loaded and is not complete yet. */
  loading: boolean;
  /** The current step. */
  step: string | null;
}

/** Reads what `npm start` wrote last. A missing file, or one that is being written, means that nothing is being loaded. */
export async function demoState(file: string | null): Promise<DemoState> {
  const text = file === null ? '' : await readFile(file, 'utf8').catch(() => '');
  const { loading, step } = parsed(text);
  return { loading: loading === true, step: loading === true && typeof step === 'string' ? step : null };
}

function parsed(text: string): { loading?: unknown; step?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}
