import { Aggregate } from '#kernel/events';
import type { Id } from '#kernel/id';
import { ApplicationClosed, type ApplicationStatus } from '../contract.js';

/** A candidate for a job. Where it stands in the interview plan is not known here. */
export class Application extends Aggregate {
  updatedAt: Date;
  /** When it was rejected or hired last; null while it is active. */
  closedAt: Date | null;
  /**
   * Older than the rule of one active application per candidate and job, and active beside a newer one. It stays until it is
   * closed.
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

  /** Every status may follow every other: people change their minds. False when it was so already. */
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

  /** Its candidate was anonymised: where it came from must not tell whose it was. */
  eraseSource(now: Date): void {
    if (this.externalId === null) return;
    this.externalId = null;
    this.updatedAt = now;
  }
}
