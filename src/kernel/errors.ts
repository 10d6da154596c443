/** What went wrong, by what the caller can do about it. One place derives the HTTP status from it. */
export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'gone'
  | 'invalid'
  | 'too_many'
  | 'upstream'
  | 'unavailable';

/** Messages by place and field, as callers receive them: `{ json: { package_id: ['…'] } }`. */
export type ErrorGroups = Partial<Record<'json' | 'query' | 'path' | 'headers', Record<string, string[]>>>;

/**
 * A broken rule. `message` is one sentence that a recruiter understands. `reason` is a stable word for programs. Neither contains
 * a secret or another team's data.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly kind: ErrorKind,
    readonly reason: string,
    message: string,
    readonly errors: ErrorGroups = {},
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }
}

/** Unknown, foreign and malformed ids get the same answer, so that it does not reveal what exists. */
export const notFound = (): DomainError => new DomainError('not_found', 'not_found', 'Not found.');

export const invalidField = (field: string, reason: string, message: string): DomainError =>
  new DomainError('invalid', reason, message, { json: { [field]: [message] } });

/** An id in a body that is unknown, foreign or deleted. */
export const unknownReference = (field: string): DomainError =>
  invalidField(field, 'unknown_reference', `${field} was not found.`);

const unreadable = {
  unknown_key: 'The saved secrets cannot be read because the service lacks a key. Contact support.',
  damaged: 'A saved secret can no longer be read. An admin can enter it again.',
};

/** A stored secret cannot be opened: its key is not among this process's keys, or the value was changed since it was sealed. */
export class UnreadableSecret extends DomainError {
  constructor(
    readonly why: keyof typeof unreadable,
    readonly kid: string,
  ) {
    super('unavailable', why === 'unknown_key' ? 'key_missing' : 'secret_unreadable', unreadable[why]);
  }
}
