import type { JobPermission } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Application } from './application.js';
import type { Candidate } from './candidate.js';
import type { Job } from './job.js';

/**
 * Records are held from when they are found until the transaction ends: who else wants to change one waits. That goes for
 * an external id too, whether or not it is known yet: two imports of one record do not both create it.
 */
export abstract class Imports<T> {
  /** Those of anonymised candidates are known, too. Throws `candidate_anonymised` when nothing else is left of one. */
  abstract withExternalId(teamId: string, externalId: string): Promise<T | null>;
}

export abstract class Jobs extends Imports<Job> {
  abstract find(teamId: string, jobId: Id): Promise<Job | null>;
  /** Inserts a new one, updates one that was found. */
  abstract save(job: Job): Promise<void>;
}

export abstract class Candidates extends Imports<Candidate> {
  abstract find(teamId: string, candidateId: Id): Promise<Candidate | null>;
  abstract save(candidate: Candidate): Promise<void>;
  /** The jobs of the candidate's applications. */
  abstract jobsOf(teamId: string, candidateId: Id): Promise<Id[]>;
  abstract isAnonymised(teamId: string, candidateId: Id): Promise<boolean>;
}

export abstract class Applications extends Imports<Application> {
  abstract find(teamId: string, applicationId: Id): Promise<Application | null>;
  abstract ofCandidate(teamId: string, candidateId: Id): Promise<Application[]>;
  /** The active application of a candidate for a job. */
  abstract activeOne(teamId: string, candidateId: Id, jobId: Id): Promise<Id | null>;
  /** Another application that became active at the same moment makes the unit of work run again, so that it is seen. */
  abstract save(application: Application): Promise<void>;
}

/** What one person was granted on one job. No permissions at all still means that they see it. */
export interface Grant {
  userId: Id;
  permissions: JobPermission[];
}

export abstract class JobPermissions {
  abstract of(teamId: string, jobId: Id): Promise<Grant[]>;
  /** The whole list at once; concurrent replacements follow each other. */
  abstract replace(teamId: string, jobId: Id, grants: readonly Grant[]): Promise<void>;
  abstract revokeAll(teamId: string, userId: Id): Promise<void>;
}

/** The people of the team. */
export abstract class Colleagues {
  abstract areAll(teamId: string, userIds: readonly Id[]): Promise<boolean>;
  /** Whether one of them is that candidate. */
  abstract isOneOfThem(teamId: string, candidateId: Id): Promise<boolean>;
}
