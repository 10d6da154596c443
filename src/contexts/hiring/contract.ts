import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Actor } from '#kernel/ports';

/**
 * The queries, commands and events that hiring offers to other contexts. Ids are UUIDs, times are ISO 8601, and everything is
 * within one team. A command with an `actor` writes that actor to the audit log.
 */

/**
 * SQL views for other contexts' `views/`:
 * `hiring.pub_job (team_id, id, name, status, confidential, created_at)`
 * `hiring.pub_candidate (team_id, id, first_name, last_name, email, anonymised_at, legal_hold, legal_hold_ended_at)`
 * (`email`: the usable address, see `ApplicationFacts.candidateEmail`; `legal_hold`: none of the candidate's data may be removed)
 * `hiring.pub_application (team_id, id, job_id, candidate_id, status, external_id, created_at, updated_at, version)`
 * These rows are never deleted. `deleted_at` is a column of earlier releases that no code reads.
 */
export const jobView = 'hiring.pub_job';
export const candidateView = 'hiring.pub_candidate';
export const applicationView = 'hiring.pub_application';

export type JobStatus = 'open' | 'closed' | 'draft';
export const jobStatuses: readonly JobStatus[] = ['open', 'closed', 'draft'];

export type ApplicationStatus = 'active' | 'rejected' | 'hired';
export const applicationStatuses: readonly ApplicationStatus[] = ['active', 'rejected', 'hired'];

/** Query: what other contexts need of an application, its job and its candidate. Null when unknown in that team. */
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
  /** The primary address, else the first valid one. Null when the candidate has no deliverable address. */
  candidateEmail: string | null;
  candidateAnonymised: boolean;
}

/** Query: whether this job exists in the team. */
export class JobExists {
  constructor(
    readonly teamId: string,
    readonly jobId: Id,
  ) {}
}

/**
 * Command: opens an application. Throws `unknown_reference` for a job or candidate that the team does not have, and
 * `already_applied` (with `application_id`) when the candidate already has an active application for the job. An external id that
 * another application has throws `already_taken`, with `application_id` when the caller sees it; one of an anonymised candidate's
 * throws `candidate_anonymised`.
 */
export class CreateApplication {
  constructor(
    readonly caller: Caller,
    readonly applicationId: Id,
    readonly candidateId: Id,
    readonly jobId: Id,
    readonly status: ApplicationStatus = 'active',
    readonly externalId: string | null = null,
  ) {}
}

/**
 * Command: sets an application's status. Reopening is allowed unless the candidate has another active application for the job
 * (`already_applied`). Publishes `ApplicationClosed` when the application stops being active.
 */
export class ChangeApplicationStatus {
  constructor(
    readonly actor: Actor,
    readonly applicationId: Id,
    readonly status: ApplicationStatus,
  ) {}
}

/** Command: sets or removes an application's id in another system. Refused as in `CreateApplication`. */
export class IdentifyApplication {
  constructor(
    readonly caller: Caller,
    readonly applicationId: Id,
    readonly externalId: string | null,
  ) {}
}

export type ImportStatus = 'created' | 'updated' | 'unchanged';

/**
 * Commands of an import: they create or change a record by `externalId` and return `{ id, status }`. Invalid fields throw a
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
/** `fields.candidate` and `fields.job` are external ids. The answer also has `jobId`. */
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
  /** Values that were imported but cannot be used, by field: addresses that no check can be sent to. */
  warnings?: Record<string, string[]>;
}

/** Event: an application stopped being active. This alone cancels nothing. */
export class ApplicationClosed {
  static readonly wireName = 'hiring.application-closed.v1';
  constructor(
    readonly teamId: string,
    readonly applicationId: Id,
  ) {}
}

/** Event: a candidate was anonymised. Contexts erase all that names them, their addresses or their cases at the vendor. */
export class CandidateAnonymised {
  static readonly wireName = 'hiring.candidate-anonymised.v1';
  constructor(
    readonly teamId: string,
    readonly candidateId: Id,
  ) {}
}

/** The number of checks of one package that ended with one outcome. */
export interface ErasedChecks {
  package: string;
  /** A result, or the status of a check that has none. */
  outcome: string;
  count: number;
}

/**
 * Command: counts a check of an anonymised candidate that ended. Nothing else of the check is kept. Send it once for each
 * check, in the transaction that erases the check.
 */
export class CountErasedCheck {
  constructor(
    readonly teamId: string,
    readonly candidateId: Id,
    readonly packageName: string,
    /** A result, or the status of a check that has none. */
    readonly outcome: string,
    /** The check's status. Where outcomes are withheld, only whether it was completed is counted. */
    readonly status: string,
  ) {}
}
