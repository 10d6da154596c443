import { DomainError } from '#kernel/errors';

const takenMessages = {
  email: 'Somebody already signs in with this e-mail address.',
  external_id: 'Somebody already signs in with this external id.',
};
export type UniqueField = keyof typeof takenMessages;

/** E-mail and external id belong to one person across the installation; in which team is nobody's business. */
export const alreadyTaken = (field: UniqueField): DomainError =>
  new DomainError('conflict', 'already_taken', takenMessages[field], { json: { [field]: [takenMessages[field]] } });

export const lastAdmin = (): DomainError =>
  new DomainError(
    'conflict',
    'last_admin',
    'A team keeps at least one admin who can sign in: make somebody else admin first.',
  );

export const notSignedIn = (): DomainError =>
  new DomainError('unauthenticated', 'unauthenticated', 'Please sign in again.');
