import { once } from 'node:events';
import type { SpawnOptions } from 'node:child_process';
import { startProcess } from './own-processes.ts';

/** What a program writes. Rejects with all of it when the program fails. */
export async function runToEnd(command: string, args: string[], options: SpawnOptions = {}): Promise<string> {
  const child = startProcess(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, complaints] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${complaints}\n${said}`);
  return said;
}
