import { createHash } from 'node:crypto';
import type { Caller } from '#kernel/caller';

/**
 * What a caller may see apart from rights on single jobs, as a short hash. When it changes, anything may, and a new copy is
 * needed; rights on single jobs arrive as changes. All admins see the same.
 */
export function rightsOf({ level, user, ownCandidateIds, scopes }: Caller): string {
  const rights = [level, level === 'admin' ? null : user.id, [...ownCandidateIds].sort(), scopes && [...scopes].sort()];
  return createHash('sha256').update(JSON.stringify(rights)).digest('hex').slice(0, 16);
}
