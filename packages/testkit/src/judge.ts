import type { SandboxLedgerLine } from './control-client.ts';

/**
 * What is wrong with the orders that Certn accepted, one sentence each; nothing when each address of `expected` was ordered exactly
 * once and no other. An address that is expected twice must have been ordered twice.
 */
export function judgeOrders(ledger: readonly SandboxLedgerLine[], expected: Iterable<string>): string[] {
  const paid = counted(ledger.map(({ email }) => email));
  const due = counted(expected);
  return [...new Set([...due.keys(), ...paid.keys()])].flatMap((email) => {
    const [orders, wanted] = [paid.get(email) ?? 0, due.get(email) ?? 0];
    return orders === wanted ? [] : [`${email} was ordered ${orders} times, not ${wanted}`];
  });
}

function counted(emails: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const email of emails) counts.set(email.toLowerCase(), (counts.get(email.toLowerCase()) ?? 0) + 1);
  return counts;
}
