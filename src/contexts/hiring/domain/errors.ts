import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';

const conflict = (reason: string, message: string): DomainError => new DomainError('conflict', reason, message);

export const candidateAnonymised = (): DomainError =>
  conflict('candidate_anonymised', 'This candidate was anonymised and can no longer be changed.');

export const legalHold = (): DomainError =>
  conflict('legal_hold', 'This candidate is on legal hold. Lift the hold first.');

/** Names the active application, so that the caller can show it. */
export const alreadyApplied = (applicationId: Id): DomainError =>
  new DomainError('conflict', 'already_applied', 'This candidate already has an active application for this job.', {
    json: { application_id: [applicationId] },
  });

/** Names the record that has the external id. `id` null: the caller does not see it. */
export function externalIdTaken(kind: 'job' | 'candidate' | 'application', id: Id | null): DomainError {
  const message = `Another ${kind} already has this external id.`;
  const holder = id === null ? {} : { [`${kind}_id`]: [id] };
  return new DomainError('conflict', 'already_taken', message, { json: { external_id: [message], ...holder } });
}

export const grantsMoreThanHeld = (): DomainError =>
  new DomainError(
    'forbidden',
    'not_allowed',
    'You can only give rights that you have on this job yourself. For more, ask an admin.',
  );

export const ownRecord = (): DomainError =>
  new DomainError('forbidden', 'own_link', 'This candidate is you. Ask another admin to anonymise it.');
