import { Aggregate } from '#kernel/events';
import { ApplicationClosed, type ApplicationStatus } from '../contract.js';

/** A candidate for a job. Where it stands in the interview plan is not known here. */
export class Application extends Aggregate {
  updatedAt: Date;
  version = 1;

  constructor(
    readonly teamId: string,
    readonly id: string,
    readonly candidateId: string,
    readonly jobId: string,
    public status: ApplicationStatus,
    readonly externalId: string | null,
    readonly createdAt: Date,
  ) {
    super();
    this.updatedAt = createdAt;
  }

  /** Every status may follow every other: people change their minds. False when it was so already. */
  become(status: ApplicationStatus, now: Date): boolean {
    if (status === this.status) return false;
    const closes = this.status === 'active';
    this.status = status;
    this.updatedAt = now;
    if (closes) this.record(new ApplicationClosed(this.teamId, this.id));
    return true;
  }
}
