import { Injectable } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { type Reaction, ReactsTo } from '#platform/events/event-handler';
import { ConnectionStateChanged } from '../../contract.js';
import { RoundDue } from '../../domain/events.js';
import { Rounds } from '../../domain/scheduled-tasks.js';

/** So many steps are handed out at once; the rest a second later. */
const atOnce = 50;

/** Hands out what is due, however many replicas do so at the same time: who moved the due time published the job. */
@Injectable()
export class StartRounds {
  constructor(
    private readonly rounds: Rounds,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  /** A belt: connections get their rounds when they are made. */
  ensure(): Promise<void> {
    return this.rounds.ensure();
  }

  async due(): Promise<void> {
    await this.unitOfWork.run(async () => {
      const due = await this.rounds.takeDue(atOnce);
      const events = due.map(({ teamId, connectionId, kind }) => new RoundDue(teamId, connectionId, kind));
      if (events.length > 0) await this.outbox.publish(events);
    });
  }
}

@ReactsTo(ConnectionStateChanged, { name: 'start-rounds' })
export class WhenConnectionStateChangedStartRounds implements Reaction<ConnectionStateChanged> {
  constructor(private readonly rounds: Rounds) {}

  handle({ teamId }: ConnectionStateChanged): Promise<void> {
    return this.rounds.ensure(teamId);
  }
}
