import type { JobPermission } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Application } from './application.js';
import type { Candidate } from './candidate.js';
import type { Job } from './job.js';

/**
 * A record is locked from when it is found until the transaction ends. Other transactions that want to change it wait. An
 * external id is locked too, even if it is not known yet, so that two imports of one record do not both create it.
 */
abstract class Imports<T> {
  /** Also finds records of anonymised candidates. Throws `candidate_anonymised` when only the erased id is left. */
  abstract withExternalId(teamId: string, externalId: string): Promise<T | null>;
}

export abstract class Jobs extends Imports<Job> {
  abstract find(teamId: string, jobId: Id): Promise<Job | null>;
  /** Inserts a new job or updates one that was found. */
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
  /** If another application became active at the same moment, the unit of work runs again and finds it. */
  abstract save(application: Application): Promise<void>;
}

/** The permissions of one user on one job. Even an empty list means that they see the job. */
export interface Grant {
  userId: Id;
  permissions: JobPermission[];
}

export abstract class JobPermissions {
  abstract of(teamId: string, jobId: Id): Promise<Grant[]>;
  /** Replaces the whole list. Concurrent replacements run one after the other. */
  abstract replace(teamId: string, jobId: Id, grants: readonly Grant[]): Promise<void>;
  abstract revokeAll(teamId: string, userId: Id): Promise<void>;
}

/** The users of the team. */
export abstract class Colleagues {
  abstract areAll(teamId: string, userIds: readonly Id[]): Promise<boolean>;
  /** Whether a user of the team is that candidate. */
  abstract isOneOfThem(teamId: string, candidateId: Id): Promise<boolean>;
}
