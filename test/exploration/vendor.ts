import type { Failure } from './entry.js';
import type { Wait } from './run.js';
import { timing } from './machine.js';
import type { Json } from './values.js';
import type { Handed, Fault, World } from './world.js';

/** One thing that can happen next, and its label in the story. */
export interface Choice {
  label: string;
  fault?: Fault;
  answer?: Json;
  failure?: Failure;
  handed?: Handed[];
}

const at = (seconds: number): Json => ({ $at: seconds, $as: 'date' });

/** Every answer that the vendor, or the connection to it, can give to this question now. */
export function choices(world: World, wait: Wait, order: { email: string; packageId: string }): Choice[] {
  const snapshot = (id: string, created: number): Json => ({
    id,
    shortId: null,
    state: 'ordered',
    result: null,
    vendorStatus: 'CASE_ORDERED',
    vendorScore: null,
    ...order,
    createdAt: at(created),
  });
  switch (wait.what) {
    case 'still wanted': {
      const label = world.closed ? 'learns that its application is closed' : 'learns that it is still wanted';
      return [{ label, answer: !world.closed }];
    }
    case 'connect':
      return [
        { label: 'connects to Certn', answer: null },
        {
          label: 'cannot connect to Certn',
          fault: 'connection refused',
          answer: { kind: 'not_sent', message: 'refused', retryAfterMs: null },
        },
      ];
    case 'hand over':
      return handOver(world);
    case 'answer':
      return answers(world, (wait.args as { send: number }).send, snapshot);
    case 'list':
      return lists(world, wait.args as unknown as Window, snapshot);
    case 'read the case':
      return caseReads(world, (wait.args as { caseId: string }).caseId, snapshot);
    default:
      throw new Error(`Unknown question to the vendor: "${wait.what}".`);
  }
}

type Snapshot = (id: string, created: number) => Json;

function handOver({ handed, sends }: World): Choice[] {
  const send = sends + 1;
  const entry = (committed: number | null): Handed[] => [...handed, { send, committed, bound: timing.visibilityLag }];
  const notExecuted = { kind: 'not_executed', reason: 'key_refused', message: 'The key was refused.' };
  return [
    { label: 'hands the order over; Certn takes it', answer: { send }, handed: entry(0) },
    {
      label: 'hands the order over; Certn may commit it later, or never',
      fault: 'commit late or never',
      answer: { send },
      handed: entry(null),
    },
    {
      label: 'hands the order over; Certn refuses it',
      fault: 'refusal',
      answer: { kind: 'refused', message: 'No such package.' },
    },
    { label: 'hands the order over; Certn refuses the key', fault: 'key refused', answer: notExecuted },
  ];
}

function answers({ handed }: World, send: number, snapshot: Snapshot): Choice[] {
  const taken = handed.find((entry) => entry.send === send);
  const lost: Choice = { label: 'gets no answer', answer: { kind: 'outcome_unknown', message: 'no answer' } };
  if (typeof taken?.committed !== 'number') return [lost];
  const placed: Choice = {
    label: 'gets the answer',
    answer: { kind: 'placed', case: snapshot(caseOf(send), taken.committed) },
  };
  return [placed, { ...lost, fault: 'answer lost' }];
}

interface Window {
  from: { $at: number };
  to: { $at: number };
}

/** A list certainly shows cases older than the visibility lag. It may or may not show younger ones. */
function lists({ handed, sentinel }: World, { from, to }: Window, snapshot: Snapshot): Choice[] {
  const within = (created: number): boolean => created >= from.$at && created < to.$at;
  const cases = handed.flatMap(({ send, committed, bound }) =>
    committed !== null && within(committed) ? [{ send, bound, case: snapshot(caseOf(send), committed) }] : [],
  );
  const sentinels = sentinel !== null && within(sentinel) ? [snapshot(sentinelCase, sentinel)] : [];
  const all = [...sentinels, ...cases.map((entry) => entry.case)];
  const certain = [...sentinels, ...cases.filter((entry) => entry.bound <= 0).map((entry) => entry.case)];
  const names = (shown: Json[]): string =>
    shown.length ? shown.map((one) => (one as { id: string }).id).join(', ') : 'nothing';
  const found: Choice[] = [{ label: `reads the list: ${names(all)}`, answer: all }];
  if (certain.length < all.length)
    found.push({ label: `reads the list, which lags: ${names(certain)}`, fault: 'list lag', answer: certain });
  if (sentinels.length > 0)
    found.push({ label: 'reads the list, which lacks even the sentinel case', fault: 'list far behind', answer: [] });
  found.push({ label: 'cannot read the list', fault: 'list unreadable', failure: unreachable });
  return found;
}

function caseReads({ handed }: World, caseId: string, snapshot: Snapshot): Choice[] {
  const found = handed.find(({ send, committed }) => caseOf(send) === caseId && committed !== null);
  const failed: Choice = { label: 'cannot read the case', fault: 'list unreadable', failure: unreachable };
  if (typeof found?.committed !== 'number') return [failed];
  return [{ label: `reads ${caseId}`, answer: snapshot(caseId, found.committed) }, failed];
}

export const sentinelCase = 'an-older-case';
export const caseOf = (send: number): string => `case-of-send-${send}`;
const unreachable: Failure = { kind: 'vendor', reason: 'unreachable', message: 'Certn does not answer.' };
