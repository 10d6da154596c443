import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { Applications, Candidates, Jobs } from '../domain/applications.js';
import { type LockedStage, Placements } from '../domain/placements.js';
import { PlaceApplication } from './place-application.js';

/** A candidate applies for a job: into the named stage, else the first, else none. */
export class OpenApplication {
  constructor(
    readonly caller: Caller,
    readonly applicationId: Id,
    readonly candidateId: Id,
    readonly jobId: Id,
    readonly stageId: Id | null,
    readonly externalId: string | null = null,
  ) {}
}

@CommandHandler(OpenApplication)
export class OpenApplicationHandler implements ICommandHandler<OpenApplication> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly candidates: Candidates,
    private readonly applications: Applications,
    private readonly placements: Placements,
    private readonly placeApplication: PlaceApplication,
  ) {}

  async execute(command: OpenApplication): Promise<void> {
    const { caller, applicationId, candidateId, jobId, stageId, externalId } = command;
    const { teamId } = caller;
    // A job that the caller does not see gets the same answer as one that does not exist.
    if (!caller.sees(jobId) || !(await this.jobs.exists(teamId, jobId))) throw unknownReference('job_id');
    caller.require('edit_job', jobId);
    if (!(await this.candidates.seenBy(caller, candidateId))) throw unknownReference('candidate_id');
    await this.unitOfWork.run(async () => {
      const stage = await this.stageFor(teamId, jobId, stageId);
      await this.applications.open(caller, applicationId, candidateId, jobId, externalId);
      await this.placeApplication.into(caller, applicationId, jobId, stage);
    });
  }

  private async stageFor(teamId: string, jobId: Id, stageId: Id | null): Promise<LockedStage | null> {
    if (stageId === null) return this.placements.lockFirstStage(teamId, jobId);
    const stage = await this.placements.lockStage(teamId, jobId, stageId);
    if (!stage) throw unknownReference('stage_id');
    return stage;
  }
}
