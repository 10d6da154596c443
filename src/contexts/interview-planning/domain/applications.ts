import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Actor } from '#kernel/ports';

export type Status = 'active' | 'rejected' | 'hired';

export interface Application {
  id: Id;
  jobId: Id;
  status: Status;
}

/** The applications of hiring: candidate, job, status. Joins the open unit of work. */
export abstract class Applications {
  abstract find(teamId: string, applicationId: Id): Promise<Application | null>;
  /** `externalId`: its id in another system, which no other application of the team may have. */
  abstract open(
    caller: Caller,
    applicationId: Id,
    candidateId: Id,
    jobId: Id,
    externalId: string | null,
  ): Promise<void>;
  /** Sets or removes its id in another system. */
  abstract identify(caller: Caller, applicationId: Id, externalId: string | null): Promise<void>;
  abstract changeStatus(actor: Actor, applicationId: Id, status: Status): Promise<void>;
}

export abstract class Jobs {
  abstract exists(teamId: string, jobId: Id): Promise<boolean>;
}

export abstract class Candidates {
  /** Whether the caller may see that candidate. False for unknown candidates. */
  abstract seenBy(caller: Caller, candidateId: Id): Promise<boolean>;
}

export type ImportStatus = 'created' | 'updated' | 'unchanged';

export interface ImportedRecord {
  id: Id;
  status: ImportStatus;
  /** What was imported but is not usable as it is, by field. */
  warnings?: Record<string, string[]>;
}

/** Creates or changes hiring's records by external id. Joins the open unit of work. */
export abstract class ImportedRecords {
  abstract job(actor: Actor, externalId: string, fields: Record<string, unknown>): Promise<ImportedRecord>;
  abstract candidate(actor: Actor, externalId: string, fields: Record<string, unknown>): Promise<ImportedRecord>;
  abstract application(
    actor: Actor,
    externalId: string,
    fields: Record<string, unknown>,
  ): Promise<ImportedRecord & { jobId: Id }>;
}
