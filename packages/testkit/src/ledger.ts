import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';

/** One accepted order. Every "exactly one order" test counts the orders in the ledger. */
export interface LedgerLine {
  time: string;
  account: string;
  case: string;
  short_id: string;
  package: string | null;
  email: string;
  send_invite_email: boolean;
  return_invite_link: boolean;
  request: string;
}

/** Append-only. Each line is forced to disk before the order is answered, so a SIGKILL loses none. */
export class Ledger {
  private readonly kept: LedgerLine[] = [];
  private readonly path: string | undefined;
  private file: number | undefined;

  constructor(path?: string) {
    this.path = path;
    if (path === undefined) return;
    if (existsSync(path)) this.kept = readLines(path);
    this.file = openSync(path, 'a');
  }

  get lines(): readonly LedgerLine[] {
    return this.kept;
  }

  append(line: LedgerLine): void {
    if (this.file !== undefined) {
      writeSync(this.file, `${JSON.stringify(line)}\n`);
      fsyncSync(this.file);
    }
    this.kept.push(line);
  }

  /** Only for `POST /control/reset`. */
  clear(): void {
    this.kept.length = 0;
    if (this.path === undefined) return;
    this.close();
    this.file = openSync(this.path, 'w');
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}

/** An incomplete last line was never answered, so it is no order. It is removed before anything is appended. */
function readLines(path: string): LedgerLine[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  const lines = whole.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as LedgerLine);
}
