import type { JobStatus } from '../contract.js';
import { applyChanges } from './changes.js';
import type { Id } from '#kernel/id';
import { searchable } from '#kernel/search-text';

export interface JobDetails {
  name: string;
  requisitionId: string | null;
  status: JobStatus;
  confidential: boolean;
  /** The job's id in another system. */
  externalId: string | null;
}

/** A position to hire for. Stages, applications and visibility belong to it. */
export class Job implements JobDetails {
  searchText: string;
  updatedAt: Date;
  version = 1;

  constructor(
    readonly teamId: string,
    readonly id: Id,
    public name: string,
    public requisitionId: string | null,
    public status: JobStatus,
    public confidential: boolean,
    public externalId: string | null,
    readonly createdAt: Date,
  ) {
    this.searchText = searchable(name);
    this.updatedAt = createdAt;
  }

  /** Returns false when nothing changed. */
  change(changes: Partial<JobDetails>, now: Date): boolean {
    if (!applyChanges<JobDetails>(this, changes)) return false;
    this.searchText = searchable(this.name);
    this.updatedAt = now;
    return true;
  }
}
