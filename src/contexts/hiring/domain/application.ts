import { Aggregate } from '#kernel/events';
import type { Id } from '#kernel/id';
import { ApplicationClosed, type ApplicationStatus } from '../contract.js';

/** A candidate's application for a job. Its stage in the interview plan belongs to another context. */
export class Application extends Aggregate {
  updatedAt: Date;
  /** When the application was last rejected or hired. Null while it is active. */
  closedAt: Date | null;
  /**
   * True for an application that is older than the rule of one active application per candidate and job, and is active beside
   * a newer one. The mark stays until the application is closed.
   */
  duplicate = false;
  version = 1;

  constructor(
    readonly teamId: string,
    readonly id: Id,
    readonly candidateId: Id,
    readonly jobId: Id,
    public status: ApplicationStatus,
    public externalId: string | null,
    readonly createdAt: Date,
  ) {
    super();
    this.updatedAt = createdAt;
    this.closedAt = status === 'active' ? null : createdAt;
  }

  /** Every status may follow every other, because people change their minds. Returns false when nothing changed. */
  become(status: ApplicationStatus, now: Date): boolean {
    if (status === this.status) return false;
    const closes = this.status === 'active';
    this.status = status;
    this.updatedAt = now;
    this.closedAt = status === 'active' ? null : now;
    this.duplicate = false;
    if (closes) this.record(new ApplicationClosed(this.teamId, this.id));
    return true;
  }

  /** Sets the application's id in another system. */
  identifyAs(externalId: string | null, now: Date): void {
    this.externalId = externalId;
    this.updatedAt = now;
  }

  /** Removes the external id after the candidate was anonymised, because it could reveal who the candidate was. */
  eraseSource(now: Date): void {
    if (this.externalId === null) return;
    this.externalId = null;
    this.updatedAt = now;
  }
}
