import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';

const conflict = (reason: string, message: string): DomainError => new DomainError('conflict', reason, message);

export const candidateAnonymised = (): DomainError =>
  conflict('candidate_anonymised', 'This candidate was anonymised: nothing can be added or changed any more.');

export const legalHold = (): DomainError =>
  conflict('legal_hold', 'This candidate is on legal hold: the data must be kept until the hold is lifted.');

/** Names the active application, so that the caller can show it. */
export const alreadyApplied = (applicationId: Id): DomainError =>
  new DomainError('conflict', 'already_applied', 'This candidate already has an active application for this job.', {
    json: { application_id: [applicationId] },
  });

export const grantsMoreThanHeld = (): DomainError =>
  new DomainError(
    'forbidden',
    'not_allowed',
    'You can give others only the rights that you have on this job yourself: for more, ask an admin.',
  );

export const ownRecord = (): DomainError =>
  new DomainError('forbidden', 'own_link', 'This candidate is you: another admin must anonymise the record.');
