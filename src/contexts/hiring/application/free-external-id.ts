import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { isCandidateSeen } from '../domain/candidate.js';
import { candidateAnonymised, externalIdTaken } from '../domain/errors.js';
import type { Applications, Candidates, Jobs } from '../domain/ports.js';

interface Identified {
  id: Id;
  externalId: string | null;
}

/**
 * Called before a record takes an external id, inside the unit of work. Locks the id until its end. Throws `already_taken` when another
 * record has it, and names that record to callers who see it. Throws `candidate_anonymised` when the id belonged to somebody who was
 * anonymised, because it would tell who that was.
 */
export const mustBeFree = {
  job: (jobs: Jobs, caller: Caller, externalId: string | null): Promise<void> =>
    refuse(
      'job',
      externalId,
      (wanted) => jobs.withExternalId(caller.teamId, wanted),
      ({ id }) => caller.sees(id),
    ),

  candidate: (candidates: Candidates, caller: Caller, externalId: string | null): Promise<void> =>
    refuse(
      'candidate',
      externalId,
      (wanted) => candidates.withExternalId(caller.teamId, wanted),
      async ({ id }) => isCandidateSeen(caller, await candidates.jobsOf(caller.teamId, id)),
    ),

  application: (applications: Applications, caller: Caller, externalId: string | null): Promise<void> =>
    refuse(
      'application',
      externalId,
      (wanted) => applications.withExternalId(caller.teamId, wanted),
      ({ jobId }) => caller.sees(jobId),
    ),
};

async function refuse<T extends Identified>(
  kind: keyof typeof mustBeFree,
  externalId: string | null,
  /** Also finds a record that had the id before it was anonymised. */
  find: (externalId: string) => Promise<T | null>,
  isSeen: (holder: T) => boolean | Promise<boolean>,
): Promise<void> {
  if (externalId === null) return;
  const holder = await find(externalId);
  if (!holder) return;
  if (holder.externalId !== externalId) throw candidateAnonymised();
  throw externalIdTaken(kind, (await isSeen(holder)) ? holder.id : null);
}
