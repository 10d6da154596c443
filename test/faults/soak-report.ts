import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerOf } from './evidence.ts';
import type { Harness } from './harness.ts';

export interface SoakFigures {
  [name: string]: number | string;
}

interface OrderLine {
  email: string;
  state: string;
  attempt: number;
  wasUnknown: boolean;
  found_by: string | null;
  resends: number;
  waiting_for: string | null;
  decided: boolean;
}

/** Figures about the orders, from the ledger on disk and the database. */
export async function figuresOf(harness: Harness): Promise<SoakFigures> {
  const orders = await harness.rows<OrderLine>(`
    select email, state, attempt, (reconciliations > 0 or resends > 0 or found_by <> 'response') is true as "wasUnknown", found_by, resends, waiting_for, found_by = 'person' as decided
    from integrations.order`);
  const faulted = await faultedEmails(harness);
  const hit = orders.filter((order) => order.wasUnknown || order.attempt > 1 || faulted.has(order.email));
  const paid = Map.groupBy(ledgerOf(harness.ledgerFile), ({ email }) => email);
  const needDecision = orders.filter(({ state, decided }) => state === 'needs_decision' || decided).length;
  const resolved = orders.filter(({ state }) => !['requested', 'sending', 'in_doubt'].includes(state));
  const foundBy = (how: string): number => orders.filter(({ found_by }) => found_by === how).length;
  return {
    orders: orders.length,
    'orders faulted': hit.length,
    'had an unknown outcome': orders.filter(({ wasUnknown }) => wasUnknown).length,
    duplicated: [...paid.values()].filter((lines) => lines.length > 1).length,
    'paid at Certn': paid.size,
    'found by response / list / webhook': `${foundBy('response')} / ${foundBy('list')} / ${foundBy('notice')}`,
    'sent once more after proved absence': orders.filter(({ resends }) => resends > 0).length,
    'refused or withdrawn': orders.filter(({ state }) => state === 'rejected' || state === 'withdrawn').length,
    'wait for the resends of the next hour': orders.filter(({ waiting_for }) => waiting_for === 'resends_of_the_hour')
      .length,
    'need a decision': needDecision,
    'resolved without a person': `${resolved.length - needDecision} of ${orders.length} (${percent(resolved.length - needDecision, orders.length)})`,
    'faulted, resolved without a person': percent(hit.length - needDecision, hit.length),
  };
}

async function faultedEmails(harness: Harness): Promise<Set<string>> {
  const requests = await harness.certn.control.requests();
  const faulted = requests.filter(({ fault, path }) => fault !== null && path.endsWith('/order-package/'));
  return new Set(faulted.map(({ body }) => /"email_address":"([^"]*)"/.exec(body ?? '')?.[1] ?? ''));
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(3)} %`;

/** Prints the table and writes it beside the record. */
export function report(harness: Harness, figures: SoakFigures): void {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  const lines = Object.entries(figures).map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  writeFileSync(join(harness.folder, 'figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
}
