import type { Case } from './case.ts';
import { Refusal, badRequest } from './refusal.ts';

/** Every overall status of docs/certn-api.md 4.1; the last two were only observed. */
export const statuses: readonly string[] = [
  'DRAFT',
  'CASE_ORDERED',
  'INVITE_UNDELIVERABLE',
  'APPLICANT_EXPIRED',
  'APPLICANT_INVITED',
  'APPLICANT_OPENED',
  'APPLICANT_STARTED',
  'APPLICANT_SUBMITTED',
  'IN_DISPUTE',
  'IN_PROGRESS',
  'APPLICANT_ACTION_REQUIRED',
  'CLIENT_ACTION_REQUIRED',
  'CANCELLED',
  'COMPLETE',
  'APPLICANT_DECLINED',
  'PENDING_FULFILLMENT',
];

const closed: readonly string[] = ['COMPLETE', 'CANCELLED', 'APPLICANT_EXPIRED', 'APPLICANT_DECLINED'];
const beforeOpening = ['CASE_ORDERED', 'APPLICANT_INVITED'];
const beforeSubmission = [...beforeOpening, 'APPLICANT_OPENED', 'APPLICANT_STARTED'];
const running = [
  'APPLICANT_SUBMITTED',
  'IN_PROGRESS',
  'APPLICANT_ACTION_REQUIRED',
  'CLIENT_ACTION_REQUIRED',
  'IN_DISPUTE',
  'PENDING_FULFILLMENT',
];

/** Which action is legal in which status (docs/certn-api.md 4.1). A link that the customer delivers skips the invitation. */
const moves = {
  deliver: { to: 'APPLICANT_INVITED', from: ['DRAFT', 'CASE_ORDERED', 'INVITE_UNDELIVERABLE'] },
  bounce: { to: 'INVITE_UNDELIVERABLE', from: beforeOpening },
  open: { to: 'APPLICANT_OPENED', from: beforeOpening },
  start: { to: 'APPLICANT_STARTED', from: ['APPLICANT_OPENED'] },
  submit: { to: 'APPLICANT_SUBMITTED', from: ['APPLICANT_STARTED'] },
  progress: { to: 'IN_PROGRESS', from: without(running, 'IN_PROGRESS') },
  candidate_action: { to: 'APPLICANT_ACTION_REQUIRED', from: without(running, 'APPLICANT_ACTION_REQUIRED') },
  client_action: { to: 'CLIENT_ACTION_REQUIRED', from: without(running, 'CLIENT_ACTION_REQUIRED') },
  pending_fulfillment: { to: 'PENDING_FULFILLMENT', from: ['APPLICANT_SUBMITTED', 'IN_PROGRESS'] },
  complete: { to: 'COMPLETE', from: [...running, 'COMPLETE'] },
  decline: { to: 'APPLICANT_DECLINED', from: beforeSubmission },
  expire: { to: 'APPLICANT_EXPIRED', from: [...beforeSubmission, 'INVITE_UNDELIVERABLE'] },
  cancel: { to: 'CANCELLED', from: statuses.filter((status) => !closed.includes(status)) },
  dispute: { to: 'IN_DISPUTE', from: ['COMPLETE', 'IN_PROGRESS'] },
} satisfies Record<string, { to: string; from: readonly string[] }>;

export type Action = keyof typeof moves;

export const isAction = (word: string): word is Action => Object.hasOwn(moves, word);
export const isClosed = (status: string): boolean => closed.includes(status);

/** The actions a case allows now, for the buttons of the page. */
export function possibleActions(status: string): Action[] {
  return (Object.keys(moves) as Action[]).filter((action) => fromOf(action).includes(status));
}

/** The status an action leads to. An illegal action is refused with a sentence that names the possible ones. */
export function destination(found: Case, action: Action): string {
  const from = fromOf(action);
  if (!from.includes(found.overall_status)) {
    throw new Refusal(
      409,
      `Cannot ${action} a case that is ${found.overall_status}; that is possible from ${from.join(', ')}.`,
    );
  }
  return moves[action].to;
}

/** The score that goes with a new status: null until every check is closed (docs/certn-api.md 2.4). */
export function scoreFor(status: string, requested: unknown): string | null {
  if (requested !== undefined && requested !== null && typeof requested !== 'string') {
    throw badRequest('"score" must be a string or null.');
  }
  if (requested !== undefined) return requested;
  return status === 'COMPLETE' ? 'CLEAR' : null;
}

/** The checks follow the case (docs/certn-api.md 4.2). An unknown status does not change them. */
export function updateChecks(found: Case): void {
  const status = checkStatusOf[found.overall_status];
  if (!status) return;
  for (const check of found.checks) {
    check.status = status;
    check.score = status === 'COMPLETE' ? found.overall_score : null;
    check.sub_score = check.score === 'CLEAR' ? 'VERIFIED' : null;
  }
}

const checkStatusOf: Record<string, string> = {
  ...Object.fromEntries(beforeSubmission.map((status) => [status, 'AWAITING_APPLICANT_SUBMISSION'])),
  ...Object.fromEntries(running.map((status) => [status, status === 'APPLICANT_SUBMITTED' ? 'IN_PROGRESS' : status])),
  ...Object.fromEntries(closed.map((status) => [status, status === 'COMPLETE' ? 'COMPLETE' : 'CANCELLED'])),
};

function fromOf(action: Action): readonly string[] {
  return moves[action].from;
}

function without(list: readonly string[], word: string): string[] {
  return list.filter((entry) => entry !== word);
}
