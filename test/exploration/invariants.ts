import type { OrderRow } from './rows.js';
import type { Step } from './steps.js';
import { caseOf } from './vendor.js';
import type { World } from './world.js';

/** Rules that hold in every world. Each function returns a sentence when its rule is broken, and null otherwise. */

/** Checked when the order is handed over, before the vendor acts on it. */
export function brokenBySending(before: World, { attempt }: NonNullable<Step['sends']>): string | null {
  const [earlier] = before.handed;
  if (earlier?.committed === null)
    return `It sends attempt ${attempt} while Certn may still take send ${earlier.send}.`;
  if (earlier) return `It sends attempt ${attempt} although Certn took send ${earlier.send}.`;
  const { cancel } = before;
  if (cancel === 'withdrawn')
    return `It sends attempt ${attempt} although the caller was answered that it is withdrawn.`;
  if (cancel && attempt > cancel.tooLateAfter)
    return `It sends attempt ${attempt}, begun after the caller was answered that it is never sent again.`;
  return null;
}

/** Holds in every world. */
export function brokenAt({ handed }: World, row: OrderRow | null): string | null {
  const taken = handed.filter(({ committed }) => committed !== null);
  if (taken.length > 1) return 'Certn has two orders.';
  if (!row) return null;
  if (row.state === 'rejected' || row.state === 'withdrawn') {
    if (handed.length > 0) return `The order is ${row.state}, but Certn has it or may still take it.`;
  }
  if (row.state !== 'ordered') return null;
  const [only] = taken;
  if (!only) return 'The order is ordered, but Certn does not have it.';
  return row.case_id === caseOf(only.send) ? null : `The order is linked to ${row.case_id}, which is not its case.`;
}

const eventOfState: Record<string, string> = {
  ordered: 'integrations.order-placed.v1',
  rejected: 'integrations.order-refused.v1',
  withdrawn: 'integrations.order-refused.v1',
  in_doubt: 'integrations.order-held-up.v1',
  needs_decision: 'integrations.order-held-up.v1',
};

/**
 * The move publishes the order's new state in the same transaction. A withdrawal needs no event: its caller gets the state as the
 * answer.
 */
export function brokenByMoving({ to, by, published }: NonNullable<Step['moved']>): string | null {
  const must = by === 'WithdrawOrder' ? undefined : eventOfState[to];
  return must && !published.includes(must) ? `The order becomes ${to}, and no event is published.` : null;
}

/** Holds when no job and no worker is left. */
export function brokenAtTheEnd(row: OrderRow | null, { closed }: World): string | null {
  if (!row) return null;
  if (closed && row.state === 'requested') return 'The application is closed, and the order still waits to be sent.';
  if (row.state === 'sending' || row.state === 'in_doubt')
    return `The order is stuck in ${row.state}: no job is left to reconcile it.`;
  if (row.state === 'requested' && row.waiting_for !== 'connection_attention')
    return 'The order is stuck in requested: no job is left to send it.';
  return null;
}
