import type { Failure, Wait } from './run.js';
import { timing } from './machine.js';
import type { Json } from './moments.js';
import type { Handed, Mishap, World } from './world.js';

/** One thing that can happen next, and what it is told as. */
export interface Choice {
  says: string;
  mishap?: Mishap;
  answer?: Json;
  failure?: Failure;
  handed?: Handed[];
}

const at = (seconds: number): Json => ({ $at: seconds, $as: 'date' });

/** Everything that the vendor, or the wire to it, can say to this question now. */
export function choices(world: World, wait: Wait, order: { email: string; packageId: string }): Choice[] {
  const reading = (id: string, created: number): Json => ({
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
      const says = world.closed ? 'is told that its application is closed' : 'is told that it is still wanted';
      return [{ says, answer: !world.closed }];
    }
    case 'connect':
      return [
        { says: 'connects to Certn', answer: null },
        {
          says: 'cannot connect to Certn',
          mishap: 'connection refused',
          answer: { kind: 'not_sent', message: 'refused', retryAfterMs: null },
        },
      ];
    case 'hand over':
      return handOver(world);
    case 'answer':
      return answers(world, (wait.args as { send: number }).send, reading);
    case 'list':
      return lists(world, wait.args as unknown as Window, reading);
    case 'read the case':
      return readings(world, (wait.args as { caseId: string }).caseId, reading);
    default:
      throw new Error(`The vendor was never asked "${wait.what}" before.`);
  }
}

type Reading = (id: string, created: number) => Json;

function handOver({ handed, sends }: World): Choice[] {
  const send = sends + 1;
  const entry = (committed: number | null): Handed[] => [...handed, { send, committed, bound: timing.settle }];
  const notExecuted = { kind: 'not_executed', reason: 'key_refused', message: 'The key was refused.' };
  return [
    { says: 'hands the order over; Certn takes it', answer: { send }, handed: entry(0) },
    {
      says: 'hands the order over; Certn may take it later, or never',
      mishap: 'commit late or never',
      answer: { send },
      handed: entry(null),
    },
    {
      says: 'hands the order over; Certn refuses it',
      mishap: 'refusal',
      answer: { kind: 'refused', message: 'No such package.' },
    },
    { says: 'hands the order over; Certn refuses the key', mishap: 'key refused', answer: notExecuted },
  ];
}

function answers({ handed }: World, send: number, reading: Reading): Choice[] {
  const taken = handed.find((entry) => entry.send === send);
  const lost: Choice = { says: 'gets no answer', answer: { kind: 'in_doubt', message: 'no answer' } };
  if (typeof taken?.committed !== 'number') return [lost];
  const placed: Choice = {
    says: 'gets the answer',
    answer: { kind: 'placed', case: reading(caseOf(send), taken.committed) },
  };
  return [placed, { ...lost, mishap: 'answer lost' }];
}

interface Window {
  from: { $at: number };
  to: { $at: number };
}

/** A list shows what is older than its lag for certain, and the rest perhaps. */
function lists({ handed, control }: World, { from, to }: Window, reading: Reading): Choice[] {
  const within = (created: number): boolean => created >= from.$at && created < to.$at;
  const cases = handed.flatMap(({ send, committed, bound }) =>
    committed !== null && within(committed) ? [{ send, bound, case: reading(caseOf(send), committed) }] : [],
  );
  const controls = control !== null && within(control) ? [reading(sentinelCase, control)] : [];
  const all = [...controls, ...cases.map((entry) => entry.case)];
  const surely = [...controls, ...cases.filter((entry) => entry.bound <= 0).map((entry) => entry.case)];
  const names = (shown: Json[]): string =>
    shown.length ? shown.map((one) => (one as { id: string }).id).join(', ') : 'nothing';
  const found: Choice[] = [{ says: `reads the list: ${names(all)}`, answer: all }];
  if (surely.length < all.length)
    found.push({ says: `reads the list, which lags: ${names(surely)}`, mishap: 'list lag', answer: surely });
  if (controls.length > 0)
    found.push({ says: 'reads the list, which lacks even old cases', mishap: 'list far behind', answer: [] });
  found.push({ says: 'cannot read the list', mishap: 'list unreadable', failure: unreachable });
  return found;
}

function readings({ handed }: World, caseId: string, reading: Reading): Choice[] {
  const found = handed.find(({ send, committed }) => caseOf(send) === caseId && committed !== null);
  const failed: Choice = { says: 'cannot read the case', mishap: 'list unreadable', failure: unreachable };
  if (typeof found?.committed !== 'number') return [failed];
  return [{ says: `reads ${caseId}`, answer: reading(caseId, found.committed) }, failed];
}

export const sentinelCase = 'an-older-case';
export const caseOf = (send: number): string => `case-of-send-${send}`;
const unreachable: Failure = { kind: 'vendor', reason: 'unreachable', message: 'Certn does not answer.' };
