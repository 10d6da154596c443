import { createInterface } from 'node:readline';
import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { describeError } from '#platform/describe-error';
import { ErasureLedger, type LedgerLine, type Replayed } from '#platform/erasures/erasure-ledger';
import { registered } from '#platform/registered';
import { explaining, Mistake, type Outcome, outcomeOf, report, withService } from './command.js';

const usage = 'npm run erasures -- export > file   or   npm run erasures -- replay < file';

export interface Terminal {
  env: NodeJS.ProcessEnv;
  input: NodeJS.ReadableStream;
  write: (line: string) => void;
}

const ledgersOf = (service: INestApplicationContext): ErasureLedger[] =>
  registered(service.get(DiscoveryService), ErasureLedger);

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
    // The error below names the line.
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

/** Reads the whole ledger before it replays the first line. A line that fails does not stop the others. */
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
  if (failed.length === 0) return `Replayed ${done}. The service finishes what concerns vendors.`;
  throw new Mistake(`Replayed ${done}; ${failed.length} failed: ${failed.slice(0, 10).join(', ')}.`);
}

function workFor(args: string[]): (ledgers: ErasureLedger[], terminal: Terminal) => Promise<string> {
  const [command, ...rest] = args;
  if (rest.length === 0 && command === 'export') return exported;
  if (rest.length === 0 && command === 'replay') return replayed;
  throw new Mistake(`Usage: ${usage}`);
}

/** The command as an operator types it. The outcome's text is one line. */
export function run(args: string[], terminal: Terminal): Promise<Outcome> {
  return outcomeOf(
    async () => {
      const work = workFor(args);
      return withService(terminal.env, (service) => work(ledgersOf(service), terminal));
    },
    explaining(usage, describeError),
  );
}

if (import.meta.main) {
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const outcome = await run(process.argv.slice(2), { env: process.env, input: process.stdin, write });
  // Standard output holds the exported lines and goes to a file, so the outcome goes to standard error.
  report(outcome, process.stderr);
}
