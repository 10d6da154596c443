import { Outbox, UnitOfWork } from '#kernel/ports';
import { type Reaction, ReactsTo } from '#platform/events/reaction';
import { CaseReported, CaseToLookAtAgain } from '../../domain/events.js';

/** The time has come: joins whatever other hints there are about the case. */
@ReactsTo(CaseToLookAtAgain, { name: 'report-case' })
export class WhenCaseToLookAtAgain implements Reaction<CaseToLookAtAgain> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async handle({ teamId, orderId, again }: CaseToLookAtAgain): Promise<void> {
    await this.unitOfWork.run(() => this.outbox.publish([new CaseReported(teamId, orderId, again)]));
  }
}
