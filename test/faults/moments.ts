import type { Match, Piece } from './fault-proxy.ts';

/** Moments in the life of a process as they show on the wire: where it is held, and then killed. */

/** The request of a paid order, before Certn gets it. */
export const orderRequest: Match = ({ direction, text }) =>
  direction === 'out' && text.startsWith('POST ') && text.includes('/cases/order-package/');

/** Certn's answer to a paid order, before the service gets it. */
export const orderAnswer: Match = ({ direction, asked }) =>
  direction === 'back' && asked.includes('/cases/order-package/');

/** The question for one case, before Certn gets it. */
export const caseQuestion =
  (caseId: string): Match =>
  ({ direction, text }) =>
    direction === 'out' && text.startsWith('GET ') && text.includes(`/cases/${caseId}`);

const commits = ({ text, transaction }: { text: string; transaction: string }, what: RegExp): boolean =>
  /^Q[^]{4}begin\b/i.test(transaction) ? /^Q[^]{4}commit\b/i.test(text) && what.test(transaction) : what.test(text);

/** What commits these statements, before Postgres gets it: a `commit`, or a statement that stands alone. */
export const commitOf =
  (what: RegExp): Match =>
  (piece) =>
    piece.direction === 'out' && commits(piece, what);

/** Committed, and the service does not know yet. */
export const answerToCommitOf =
  (what: RegExp): Match =>
  ({ direction, asked, transaction }: Piece) =>
    direction === 'back' && commits({ text: asked, transaction }, what);

/** A statement before Postgres gets it. */
export const statement =
  (what: RegExp): Match =>
  ({ direction, text }) =>
    direction === 'out' && what.test(text);

/** The queue is told that a job of this kind is done. */
export const jobDone = (queue: string): Match =>
  statement(new RegExp(`set completed_on[^]*state = 'completed'[^]*${queue.replaceAll('.', '\\.')}`, 'i'));
