import { DomainError, invalidField } from '#kernel/errors';
import type { TeamChoice } from './sign-in-directory.js';

const takenMessages = {
  email: 'Another user in your team already has this email address.',
  external_id: 'Another user in your team already has this external id.',
};
export type UniqueField = keyof typeof takenMessages;

/** E-mail address and external id are unique within a team. Other teams may use the same ones. */
export const alreadyTaken = (field: UniqueField): DomainError =>
  new DomainError('conflict', 'already_taken', takenMessages[field], { json: { [field]: [takenMessages[field]] } });

const clientTaken = 'Another service account in your team is already linked to this client.';

export const clientAlreadyLinked = (): DomainError =>
  new DomainError('conflict', 'already_taken', clientTaken, { json: { client_id: [clientTaken] } });

export const tooManyAccounts = (most: number): DomainError =>
  new DomainError(
    'conflict',
    'too_many_service_accounts',
    `Your team already has ${most} service accounts. Delete one that is no longer used.`,
  );

export const tooManyKeys = (most: number): DomainError =>
  new DomainError(
    'conflict',
    'too_many_keys',
    `This service account already has ${most} keys that have not expired. Revoke one first.`,
  );

export const noProvider = (): DomainError =>
  invalidField(
    'client_id',
    'no_identity_provider',
    'This installation has no identity provider whose clients could be linked.',
  );

export const lastAdmin = (): DomainError =>
  new DomainError(
    'conflict',
    'last_admin',
    'A team needs at least one admin who can sign in. Make another user an admin first.',
  );

export const ownLink = (): DomainError =>
  new DomainError(
    'forbidden',
    'own_link',
    'You cannot change your own candidate link, or your sign-in while you are linked. Ask another admin.',
  );

export const notOneself = (): DomainError =>
  new DomainError('conflict', 'not_oneself', 'You cannot erase your own account. Ask another admin.');

export const userErased = (): DomainError =>
  new DomainError('conflict', 'user_erased', 'This user was erased. Add them again as a new user.');

export const notSignedIn = (): DomainError => new DomainError('unauthenticated', 'unauthenticated', 'Sign in again.');

/** The header in which a caller with a bearer token names their team. */
export const teamHeader = 'x-team-id';

/** Names the teams that list the person. Only that person, named by the token, receives it. */
export const chooseTeam = (choices: readonly TeamChoice[]): DomainError =>
  new DomainError('conflict', 'choose_team', 'Choose your team: send its id in the header X-Team-Id.', {
    headers: { [teamHeader]: choices.map(({ teamId, teamName }) => `${teamId} (${teamName})`) },
  });

/** One answer for every cause, so that it does not say whether a key ever existed. */
export const badKey = (): DomainError =>
  new DomainError('unauthenticated', 'unauthenticated', 'This API key is not valid.');

export const sessionEnded = (): DomainError =>
  new DomainError('unauthenticated', 'session_ended', 'Your session has ended. Sign in again.');

export const malformedLogout = (): DomainError =>
  new DomainError('malformed', 'malformed_request', 'The logout token is not valid.');
