import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError, notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { Applications } from '../../domain/applications.js';
import { Tasks } from './tasks.js';

/** Marks a task of an application as done, or as not done. Who may change the application may do it, and the task's assignee. */
export class MarkTask {
  constructor(
    readonly caller: Caller,
    readonly applicationId: Id,
    readonly itemId: Id,
    readonly done: boolean,
  ) {}
}

@CommandHandler(MarkTask)
export class MarkTaskHandler implements ICommandHandler<MarkTask> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly applications: Applications,
    private readonly tasks: Tasks,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute(command: MarkTask): Promise<void> {
    const { caller, applicationId, itemId, done } = command;
    const { teamId } = caller;
    await this.unitOfWork.run(async () => {
      const application = await this.applications.find(teamId, applicationId);
      if (!application) throw notFound();
      const task = await this.tasks.find(teamId, applicationId, itemId);
      if (task?.assigneeId !== caller.user.id) caller.require('edit_job', application.jobId);
      if (!task) throw notFound();
      if (application.status !== 'active') throw applicationNotActive();
      if (!task.reached) throw stageNotReached();
      const changed = done
        ? await this.tasks.complete(teamId, applicationId, itemId, caller.user.id, this.clock.now())
        : await this.tasks.reopen(teamId, applicationId, itemId);
      if (!changed) return;
      const [from, to] = [!done, done].map((state) => ({ job_stage_item_id: itemId, done: state }));
      await this.audit.record(caller, {
        action: 'task.update',
        entity: 'application',
        entityId: applicationId,
        from,
        to,
      });
    });
  }
}

const applicationNotActive = () =>
  new DomainError(
    'conflict',
    'application_not_active',
    'This application is closed. Tasks can only be changed for active applications.',
  );

const stageNotReached = () =>
  new DomainError('conflict', 'stage_not_reached', 'The application has not reached the stage of this task yet.');
