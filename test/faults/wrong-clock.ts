import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Replica } from './replica.ts';

const preload = pathToFileURL(join(import.meta.dirname, 'wrong-clock.mjs')).href;

/** Sets the error of the replica's clock from its next start on. 0: correct. */
export function setClock(replica: Replica, offsetMs: number): void {
  const { NODE_OPTIONS: _, CLOCK_OFFSET_MS: __, ...env } = replica.env;
  replica.env =
    offsetMs === 0 ? env : { ...env, NODE_OPTIONS: `--import ${preload}`, CLOCK_OFFSET_MS: String(offsetMs) };
}
