import type { Id } from '#kernel/id';
import { Logger } from '@nestjs/common';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { describeError } from '#platform/describe-error';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { Erasures } from '../domain/erasures.js';
import { RetentionDue } from '../domain/events.js';
import { Applications, Candidates } from '../domain/ports.js';
import { Retention } from '../domain/retention.js';
import { ErasePerson } from './erase-person.js';

/** Candidates per run. If more are due, another event follows. */
const atOnce = 100;

/**
 * Anonymises the candidates whose retention is over by the team's rule, each in a transaction of their own. A failure does not
 * stop the others: it is recorded, shown to the admins and retried automatically.
 */
@HandlesEvent(RetentionDue, { name: 'anonymise-due', coalesceBy: ['teamId'] })
export class WhenRetentionDue implements EventHandler<RetentionDue> {
  private readonly log = new Logger('retention');

  constructor(
    private readonly retention: Retention,
    private readonly erasures: Erasures,
    private readonly candidates: Candidates,
    private readonly applications: Applications,
    private readonly erasePerson: ErasePerson,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async handle({ teamId }: RetentionDue): Promise<void> {
    const due = await this.retention.due(teamId, this.clock.now(), atOnce);
    for (const candidateId of due) await this.tryToAnonymise(teamId, candidateId);
    if (due.length === atOnce) await this.unitOfWork.run(() => this.outbox.publish([new RetentionDue(teamId)]));
  }

  /** While the database is unavailable, the failure cannot be recorded either. Then the whole job fails and is retried. */
  private async tryToAnonymise(teamId: string, candidateId: Id): Promise<void> {
    try {
      await this.unitOfWork.run(() => this.anonymise(teamId, candidateId));
    } catch (error) {
      await this.unitOfWork.run(() => this.erasures.noteFailure(teamId, candidateId, this.clock.now()));
      this.log.error({ candidateId }, `a candidate could not be anonymised: ${describeError(error)}`);
    }
  }

  /**
   * Checks again whether the candidate is due, in a separate statement after the candidate and the applications are locked. So
   * a legal hold, a hire or a reopened application counts even at the last moment.
   */
  private async anonymise(teamId: string, candidateId: Id): Promise<void> {
    const candidate = await this.candidates.find(teamId, candidateId);
    await this.applications.ofCandidate(teamId, candidateId);
    if (!candidate || !(await this.retention.isDue(teamId, candidateId, this.clock.now()))) return;
    await this.erasePerson.of(candidate, { teamId, user: null, ip: null });
  }
}
