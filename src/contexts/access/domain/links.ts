import type { Id } from '#kernel/id';
import { ownLink } from './errors.js';
import type { User, UserDetails } from './user.js';

/**
 * A link keeps a person from reading their own checks, so only another admin may change it. Only another admin may change what a
 * linked person signs in with: otherwise they could give it up and sign in as a user without a link.
 */
export function mustBeAllowedToChange(callerId: Id, user: User, changes: Partial<UserDetails>): void {
  if (user.id !== callerId) return;
  const { linkedCandidateIds = user.linkedCandidateIds, email = user.email, externalId = user.externalId } = changes;
  const signsInOtherwise = email !== user.email || externalId !== user.externalId;
  if (!areSame(linkedCandidateIds, user.linkedCandidateIds)) throw ownLink();
  if (signsInOtherwise && user.linkedCandidateIds.length > 0) throw ownLink();
}

export const areSame = (some: readonly Id[], others: readonly Id[]): boolean =>
  [some, others].every((ids) => new Set(ids).size === new Set([...some, ...others]).size);
