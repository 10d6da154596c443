import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound, unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { type Application, Applications, type Status } from '../domain/applications.js';
import { type LockedStage, Placements } from '../domain/placements.js';
import { PlaceApplication } from './place-application.js';

/** Moves an application to another stage of its job, closes or reopens it, sets or removes its id in another system. */
export class ChangeApplication {
  constructor(
    readonly caller: Caller,
    readonly applicationId: Id,
    readonly status?: Status,
    readonly stageId?: Id,
    readonly externalId?: string | null,
  ) {}
}

@CommandHandler(ChangeApplication)
export class ChangeApplicationHandler implements ICommandHandler<ChangeApplication> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly applications: Applications,
    private readonly placements: Placements,
    private readonly placeApplication: PlaceApplication,
  ) {}

  async execute({ caller, applicationId, status, stageId, externalId }: ChangeApplication): Promise<void> {
    const { teamId } = caller;
    const application = await this.applications.find(teamId, applicationId);
    if (!application) throw notFound();
    caller.require('edit_job', application.jobId);
    await this.unitOfWork.run(async () => {
      if (stageId !== undefined) {
        const stage = await this.named(teamId, application.jobId, stageId);
        await this.placeApplication.into(caller, application.id, application.jobId, stage);
      } else if (status === 'active') {
        await this.ensurePlaced(caller, application);
      }
      if (externalId !== undefined) await this.applications.identify(caller, application.id, externalId);
      if (status !== undefined) await this.applications.changeStatus(caller, application.id, status);
    });
  }

  private async named(teamId: string, jobId: Id, stageId: Id): Promise<LockedStage> {
    const stage = await this.placements.lockStage(teamId, jobId, stageId);
    if (!stage) throw unknownReference('stage_id');
    return stage;
  }

  /** The stage of a reopened application may have been removed. Locks it against removal, or moves the application to the first stage. */
  private async ensurePlaced(caller: Caller, { id, jobId }: Application): Promise<void> {
    const { teamId } = caller;
    if (await this.placements.lockCurrentStage(teamId, id)) return;
    await this.placeApplication.into(caller, id, jobId, await this.placements.lockFirstStage(teamId, jobId));
  }
}
