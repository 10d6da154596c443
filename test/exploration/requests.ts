import type { Job } from './machine.js';
import type { OrderRow } from './rows.js';
import { caseOf } from './vendor.js';
import type { Mishap, World } from './world.js';

/** What people, and the vendor's webhook, may ask of the service now. Without a mishap: what it is there for. */
export function requestsIn(
  { handed, cancel, decided }: World,
  row: OrderRow | null,
  { teamId, orderId }: { teamId: string; orderId: string },
): { mishap?: Mishap; job: Job }[] {
  // What is finished is finished: there is nothing left to race with.
  if (isOver(row)) return [];
  const requests: { mishap?: Mishap; job: Job }[] = [];
  const ask = (name: string, more: Partial<Job['payload']>, mishap?: Mishap): void => {
    requests.push({ mishap, job: { name, payload: { teamId, ...more } } });
  };
  if (!cancel) ask('WithdrawOrder', { orderId }, 'cancel');
  ask('Disconnect', {}, 'switch off');
  if (row?.state === 'in_doubt') ask('RefreshCase', { orderId }, 'refresh');
  const taken = handed.find(({ committed }) => committed !== null);
  if (taken && row?.state !== 'ordered') ask('ReceiveWebhook', { caseId: caseOf(taken.send) }, 'notice');
  // People are asked for the truth, and say it: the case that is there, or that there is none and will be none.
  if (row?.state === 'needs_decision' && !decided) {
    if (taken) ask('DecideOrder', { orderId, verdict: { caseId: caseOf(taken.send) } });
    else if (handed.length === 0) ask('DecideOrder', { orderId, verdict: { sendAgain: true } });
  }
  return requests;
}

const finished = ['ordered', 'rejected', 'withdrawn'];
export const isOver = (row: OrderRow | null): boolean => row !== null && finished.includes(row.state);
