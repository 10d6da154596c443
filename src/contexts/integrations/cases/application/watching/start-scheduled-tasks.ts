import { Injectable } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { ConnectionStateChanged } from '../../../contract.js';
import { TaskDue } from '../../domain/events.js';
import { ScheduledTasks } from '../../domain/scheduled-tasks.js';

/** Steps started at a time; the rest follow a second later. */
const atOnce = 50;

/** Publishes a job for every due task. Several replicas may run this: only the one that moved the due time publishes the job. */
@Injectable()
export class StartScheduledTasks {
  constructor(
    private readonly tasks: ScheduledTasks,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  /** A safety net: tasks are created with their connection. */
  ensure(): Promise<void> {
    return this.tasks.ensure();
  }

  async due(): Promise<void> {
    await this.unitOfWork.run(async () => {
      const due = await this.tasks.takeDue(atOnce);
      const events = due.map(({ teamId, connectionId, kind }) => new TaskDue(teamId, connectionId, kind));
      if (events.length > 0) await this.outbox.publish(events);
    });
  }
}

@HandlesEvent(ConnectionStateChanged, { name: 'start-scheduled-tasks', formerly: ['start-rounds'] })
export class WhenConnectionStateChangedStartScheduledTasks implements EventHandler<ConnectionStateChanged> {
  constructor(private readonly tasks: ScheduledTasks) {}

  handle({ teamId }: ConnectionStateChanged): Promise<void> {
    return this.tasks.ensure(teamId);
  }
}
