import type { Id } from '#kernel/id';
import type { Actor } from '#kernel/ports';

/**
 * What others may ask of hiring, and hear from it. Ids are UUIDs; times are ISO 8601. Everything here is within one team.
 * A command with an `actor` writes to the audit log who did it.
 */

/**
 * SQL views for other contexts' `views/`:
 * `hiring.pub_job (team_id, id, name, status, confidential, created_at)`
 * `hiring.pub_candidate (team_id, id, first_name, last_name, email, anonymised_at, legal_hold, legal_hold_ended_at)`
 * (`email`: the usable address, see `ApplicationFacts.candidateEmail`; `legal_hold`: nothing about them may be removed)
 * `hiring.pub_application (team_id, id, job_id, candidate_id, status, external_id, created_at, updated_at)`
 * Nothing of it is ever deleted: `deleted_at` is a column of earlier releases that no code reads.
 */
export const jobView = 'hiring.pub_job';
export const candidateView = 'hiring.pub_candidate';
export const applicationView = 'hiring.pub_application';

export type JobStatus = 'open' | 'closed' | 'draft';
export const jobStatuses: readonly JobStatus[] = ['open', 'closed', 'draft'];

export type ApplicationStatus = 'active' | 'rejected' | 'hired';
export const applicationStatuses: readonly ApplicationStatus[] = ['active', 'rejected', 'hired'];

/** Query: an application with its job and candidate, as far as others decide by it. Null when unknown in that team. */
export class FindApplication {
  constructor(
    readonly teamId: string,
    readonly applicationId: Id,
  ) {}
}
export interface ApplicationFacts {
  id: Id;
  status: ApplicationStatus;
  jobId: Id;
  candidateId: Id;
  /** The primary address, else the first valid one; null when the candidate has none that an invitation could reach. */
  candidateEmail: string | null;
  candidateAnonymised: boolean;
}

/** Query: does this job exist in the team? */
export class JobExists {
  constructor(
    readonly teamId: string,
    readonly jobId: Id,
  ) {}
}

/**
 * Command: opens an application. Refuses (`unknown_reference`) a job or candidate that the team does not have, and
 * (`already_applied`, with `application_id`) a second active one of a candidate for a job.
 */
export class CreateApplication {
  constructor(
    readonly actor: Actor,
    readonly applicationId: Id,
    readonly candidateId: Id,
    readonly jobId: Id,
    readonly status: ApplicationStatus = 'active',
    readonly externalId: string | null = null,
  ) {}
}

/**
 * Command: sets an application's status. Reopening is allowed, unless another one of the candidate for the job is active
 * (`already_applied`). Publishes `ApplicationClosed` when it stops being active.
 */
export class ChangeApplicationStatus {
  constructor(
    readonly actor: Actor,
    readonly applicationId: Id,
    readonly status: ApplicationStatus,
  ) {}
}

export type ImportStatus = 'created' | 'updated' | 'unchanged';

/**
 * Commands of an import: create or change by `externalId`; the answer is `{ id, status }`. Invalid fields throw
 * `DomainError` of kind `invalid`. `fields` is the line as sent, without `type`, `external_id`, `stages` and `stage`.
 */
export class ImportJob {
  constructor(
    readonly actor: Actor,
    readonly externalId: string,
    readonly fields: Record<string, unknown>,
  ) {}
}
export class ImportCandidate {
  constructor(
    readonly actor: Actor,
    readonly externalId: string,
    readonly fields: Record<string, unknown>,
  ) {}
}
/** `fields.candidate` and `fields.job` are external ids; the answer also has `jobId`. */
export class ImportApplication {
  constructor(
    readonly actor: Actor,
    readonly externalId: string,
    readonly fields: Record<string, unknown>,
  ) {}
}
export interface Imported {
  id: Id;
  status: ImportStatus;
  jobId?: Id;
  /** What was taken in and is of no use as it is, by field: candidates' addresses that no check can be sent to. */
  warnings?: Record<string, string[]>;
}

/** An application stopped being active. Nothing is cancelled by that. */
export class ApplicationClosed {
  static readonly wireName = 'hiring.application-closed.v1';
  constructor(
    readonly teamId: string,
    readonly applicationId: Id,
  ) {}
}

/** A candidate was anonymised: nothing may be kept that names them, their addresses or their cases at the vendor. */
export class CandidateAnonymised {
  static readonly wireName = 'hiring.candidate-anonymised.v1';
  constructor(
    readonly teamId: string,
    readonly candidateId: Id,
  ) {}
}

/** How many checks of one package ended in one way. */
export interface ErasedChecks {
  package: string;
  /** A result, or the status of a check that has none. */
  outcome: string;
  count: number;
}

/**
 * Command: a check of an anonymised candidate ended, and nothing but its place in the counts is kept. Adds one: to be sent
 * once for each check, in the transaction that empties it.
 */
export class CountErasedCheck {
  constructor(
    readonly teamId: string,
    readonly candidateId: Id,
    readonly packageName: string,
    /** A result, or the status of a check that has none. */
    readonly outcome: string,
    /** Whether it was completed, which is what is counted where outcomes are withheld. */
    readonly status: string,
  ) {}
}
