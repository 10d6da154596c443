import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Replica } from './replica.ts';

const preload = pathToFileURL(join(import.meta.dirname, 'wrong-clock.mjs')).href;

/** From its next start on the replica's clock is wrong by so much; 0: right. */
export function setClock(replica: Replica, offsetMs: number): void {
  const { NODE_OPTIONS: _, CLOCK_OFFSET_MS: __, ...env } = replica.env;
  replica.env =
    offsetMs === 0 ? env : { ...env, NODE_OPTIONS: `--import ${preload}`, CLOCK_OFFSET_MS: String(offsetMs) };
}
