import type { Id } from '#kernel/id';
import { ownLink } from './errors.js';
import type { User, UserDetails } from './user.js';

/**
 * A link keeps somebody from reading about themself. So it is for another admin to change, and so is what somebody with a
 * link signs in with: given away, it would let them come back as somebody without one.
 */
export function mustBeForThemToChange(callerId: Id, user: User, changes: Partial<UserDetails>): void {
  if (user.id !== callerId) return;
  const { linkedCandidateIds = user.linkedCandidateIds, email = user.email, externalId = user.externalId } = changes;
  const signsInOtherwise = email !== user.email || externalId !== user.externalId;
  if (!areSame(linkedCandidateIds, user.linkedCandidateIds)) throw ownLink();
  if (signsInOtherwise && user.linkedCandidateIds.length > 0) throw ownLink();
}

export const areSame = (some: readonly Id[], others: readonly Id[]): boolean =>
  [some, others].every((ids) => new Set(ids).size === new Set([...some, ...others]).size);
