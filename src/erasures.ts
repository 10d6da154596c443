import { createInterface } from 'node:readline';
import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SettingsError } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { describeError } from '#platform/describe-error';
import { ErasureLedger, type LedgerLine, type Replayed } from '#platform/erasures/erasure-ledger';
import { quietService } from './quiet-service.js';

const usage = 'npm run erasures -- export > file   or   npm run erasures -- replay < file';

/** What a person at a terminal can put right. */
class Mistake extends Error {}

export interface Terminal {
  env: NodeJS.ProcessEnv;
  input: NodeJS.ReadableStream;
  write: (line: string) => void;
}

function ledgersOf(service: INestApplicationContext): ErasureLedger[] {
  const instances = service
    .get(DiscoveryService)
    .getProviders()
    .map(({ instance }) => instance as unknown);
  return instances.filter((instance) => instance instanceof ErasureLedger);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

async function exported(ledgers: ErasureLedger[], { write }: Terminal): Promise<string> {
  let lines = 0;
  for (const ledger of ledgers) {
    for await (const line of ledger.lines()) {
      write(JSON.stringify(line));
      lines += 1;
    }
  }
  return `Exported ${counted(lines, 'line')}.`;
}

function lineFrom(text: string, nth: number): LedgerLine {
  try {
    const line = JSON.parse(text) as LedgerLine | null;
    if (typeof line?.kind === 'string') return line;
  } catch {
    // falls through to the sentence
  }
  throw new Mistake(`Line ${nth} is no line of a ledger: was the file made by "npm run erasures -- export"?`);
}

async function linesOf(input: NodeJS.ReadableStream): Promise<LedgerLine[]> {
  const lines: LedgerLine[] = [];
  let nth = 0;
  for await (const text of createInterface({ input })) {
    nth += 1;
    if (text.trim() !== '') lines.push(lineFrom(text, nth));
  }
  return lines;
}

/** The whole ledger is read before the first line is replayed; one line that fails stops no other. */
async function replayed(ledgers: ErasureLedger[], { input }: Terminal): Promise<string> {
  const lines = await linesOf(input);
  const counts: Record<Replayed, number> = { erased: 0, done_before: 0, unknown: 0 };
  const failed: string[] = [];
  for (const [nth, line] of lines.entries()) {
    const ledger = ledgers.find(({ kinds }) => kinds.includes(line.kind));
    try {
      if (!ledger) throw new Error(`this release knows no "${line.kind}"`);
      counts[await ledger.replay(line)] += 1;
    } catch (error) {
      failed.push(`line ${nth + 1} (${describeError(error)})`);
    }
  }
  const { erased, done_before, unknown } = counts;
  const done = `${counted(lines.length, 'line')}: ${erased} erased again, ${done_before} done before, ${unknown} only remembered`;
  if (failed.length === 0) return `Replayed ${done}. The service finishes what concerns Certn.`;
  throw new Mistake(`Replayed ${done}; ${failed.length} failed: ${failed.slice(0, 10).join(', ')}.`);
}

function workFor(args: string[]): (ledgers: ErasureLedger[], terminal: Terminal) => Promise<string> {
  const [command, ...rest] = args;
  if (rest.length === 0 && command === 'export') return exported;
  if (rest.length === 0 && command === 'replay') return replayed;
  throw new Mistake(`Usage: ${usage}`);
}

function explained(error: unknown): string {
  if (error instanceof Mistake) return error.message;
  if (error instanceof SettingsError) return error.faults.join(' ');
  const { code } = error as { code?: string };
  if (code === '42P01' || code === '3F000') return 'The database is not ready: run `npm run migrate` first.';
  return `The database cannot be used: ${describeError(error)}`;
}

/** The command as a person types it: one line for them at the end, whichever way it ends. */
export async function run(args: string[], terminal: Terminal): Promise<{ done: boolean; line: string }> {
  try {
    const work = workFor(args);
    const service = await quietService(terminal.env);
    try {
      return { done: true, line: await acrossTeams('operator', () => work(ledgersOf(service), terminal)) };
    } finally {
      await service.close();
    }
  } catch (error) {
    return { done: false, line: explained(error) };
  }
}

if (import.meta.main) {
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const { done, line } = await run(process.argv.slice(2), { env: process.env, input: process.stdin, write });
  // An export's lines go to a file; what a person reads goes beside.
  process.stderr.write(`${line}\n`);
  process.exitCode = done ? 0 : 1;
}
