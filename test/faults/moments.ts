import type { Match, Piece } from './fault-proxy.ts';

/** Moments of a process that are visible on the wire. Tests hold the bytes there and kill the process. */

/** The request of a paid order, before Certn receives it. */
export const orderRequest: Match = ({ direction, text }) =>
  direction === 'out' && text.startsWith('POST ') && text.includes('/cases/order-package/');

/** Certn's answer to a paid order, before the service receives it. */
export const orderAnswer: Match = ({ direction, asked }) =>
  direction === 'back' && asked.includes('/cases/order-package/');

/** The read of one case, before Certn receives it. */
export const caseRead =
  (caseId: string): Match =>
  ({ direction, text }) =>
    direction === 'out' && text.startsWith('GET ') && text.includes(`/cases/${caseId}`);

const commits = ({ text, transaction }: { text: string; transaction: string }, what: RegExp): boolean =>
  /^Q[^]{4}begin\b/i.test(transaction) ? /^Q[^]{4}commit\b/i.test(text) && what.test(transaction) : what.test(text);

/** The commit of these statements, before Postgres receives it: a `commit`, or a statement outside a transaction. */
export const commitOf =
  (what: RegExp): Match =>
  (piece) =>
    piece.direction === 'out' && commits(piece, what);

/** The statements are committed, and the service has no answer yet. */
export const answerToCommitOf =
  (what: RegExp): Match =>
  ({ direction, asked, transaction }: Piece) =>
    direction === 'back' && commits({ text: asked, transaction }, what);

/** A statement, before Postgres receives it. */
export const statement =
  (what: RegExp): Match =>
  ({ direction, text }) =>
    direction === 'out' && what.test(text);

/** The service marks a job of this queue as completed. */
export const jobDone = (queue: string): Match =>
  statement(new RegExp(`set completed_on[^]*state = 'completed'[^]*${queue.replaceAll('.', '\\.')}`, 'i'));
