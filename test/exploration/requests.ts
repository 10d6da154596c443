import type { Job } from './machine.js';
import type { OrderRow } from './rows.js';
import { caseOf } from './vendor.js';
import type { Fault, World } from './world.js';

/** Requests that people and the vendor's webhook may make now. Those without a fault belong to normal operation. */
export function requestsIn(
  { handed, cancel, decided }: World,
  row: OrderRow | null,
  { teamId, orderId }: { teamId: string; orderId: string },
): { fault?: Fault; job: Job }[] {
  // A terminal order has no race left.
  if (isOver(row)) return [];
  const requests: { fault?: Fault; job: Job }[] = [];
  const ask = (name: string, more: Partial<Job['payload']>, fault?: Fault): void => {
    requests.push({ fault, job: { name, payload: { teamId, ...more } } });
  };
  if (!cancel) ask('WithdrawOrder', { orderId, vendor: 'fake' }, 'cancel');
  ask('Disconnect', { vendor: 'fake' }, 'switch off');
  if (row?.state === 'in_doubt') ask('RefreshCase', { orderId }, 'refresh');
  const taken = handed.find(({ committed }) => committed !== null);
  if (taken && row?.state !== 'ordered') ask('ReceiveWebhook', { caseId: caseOf(taken.send) }, 'webhook event');
  // People who decide tell the truth: the existing case, or that there is none and never will be.
  if (row?.state === 'needs_decision' && !decided) {
    if (taken) ask('DecideOrder', { orderId, verdict: { caseId: caseOf(taken.send) } });
    else if (handed.length === 0) ask('DecideOrder', { orderId, verdict: { sendAgain: true } });
  }
  return requests;
}

const terminal = ['ordered', 'rejected', 'withdrawn'];
export const isOver = (row: OrderRow | null): boolean => row !== null && terminal.includes(row.state);
