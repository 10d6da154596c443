import { Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { UnitOfWork } from '#kernel/ports';
import { type Reaction, ReactsTo } from '#platform/events/reaction';
import { CaseReported } from '../../domain/events.js';
import { ProviderFailure } from '../../domain/screening-provider.js';
import { VendorCases } from '../../domain/vendor-cases.js';
import { CaseReader } from './case-reader.js';

/** How long a reading waits that the vendor turned away: a person mends the connection first. */
const turnedAwayMs = 5 * 60_000;

/** A hint that a case changed: it is read once, however many hints there were. */
@ReactsTo(CaseReported, { name: 're-read-case', coalesceBy: (event) => event.orderId })
export class WhenCaseReported implements Reaction<CaseReported> {
  private readonly log = new Logger('cases');

  constructor(
    private readonly cases: VendorCases,
    private readonly reader: CaseReader,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async handle({ teamId, orderId, again }: CaseReported): Promise<void> {
    const followed = await this.cases.find(teamId, orderId);
    if (!followed) return;
    try {
      await this.reader.read(followed, again);
    } catch (error) {
      const delayMs = this.postponedBy(error);
      if (delayMs === null) throw error;
      this.log.warn({ orderId }, `a case could not be read yet: ${(error as Error).message}`);
      await this.unitOfWork.run(() => this.reader.lookAgain(followed, again, delayMs));
    }
  }

  /** null: a passing fault, for the queue to retry. */
  private postponedBy(error: unknown): number | null {
    if (error instanceof DomainError && error.reason === 'budget_exhausted')
      return (error.retryAfterSeconds ?? 60) * 1000;
    if (error instanceof ProviderFailure && error.remedy === 'fix') return turnedAwayMs;
    if (error instanceof ProviderFailure && error.retryAfterMs !== null) return error.retryAfterMs;
    return null;
  }
}
