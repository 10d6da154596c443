import type { Id } from '#kernel/id';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { type Reaction, ReactsTo } from '#platform/events/reaction';
import { RetentionDue } from '../domain/events.js';
import { Applications, Candidates } from '../domain/ports.js';
import { Retention } from '../domain/retention.js';
import { ForgetPerson } from './forget-person.js';

/** Candidates of one job; for more there is another one. */
const atOnce = 100;

/** Anonymises whom the team's rule says. Each by themselves: one that cannot be is no hindrance to the others. */
@ReactsTo(RetentionDue, { name: 'anonymise-due', coalesceBy: ({ teamId }) => teamId })
export class WhenRetentionDue implements Reaction<RetentionDue> {
  constructor(
    private readonly retention: Retention,
    private readonly candidates: Candidates,
    private readonly applications: Applications,
    private readonly forgetPerson: ForgetPerson,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async handle({ teamId }: RetentionDue): Promise<void> {
    const due = await this.retention.due(teamId, this.clock.now(), atOnce);
    for (const candidateId of due) await this.unitOfWork.run(() => this.anonymise(teamId, candidateId));
    if (due.length === atOnce) await this.unitOfWork.run(() => this.outbox.publish([new RetentionDue(teamId)]));
  }

  /**
   * Asked once more, in a statement of its own, when nobody else can change the candidate and the applications any more: a
   * hold, a hire, a reopened application of the last moment counts.
   */
  private async anonymise(teamId: string, candidateId: Id): Promise<void> {
    const candidate = await this.candidates.find(teamId, candidateId);
    await this.applications.ofCandidate(teamId, candidateId);
    if (!candidate || !(await this.retention.isDue(teamId, candidateId, this.clock.now()))) return;
    await this.forgetPerson.of(candidate, { teamId, user: null, ip: null });
  }
}
