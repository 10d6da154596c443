import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { type CancelAnswer, CancelCase } from '../../../contract.js';
import { endedStates, VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { OrderedCases } from '../../../orders/domain/ordered-cases.js';
import { type FollowedCase, VendorCases } from '../../domain/vendor-cases.js';
import { CancelCaseHandler } from './cancel-case.js';
import { CaseReader } from './case-reader.js';

/** How often the case is checked for an accepted cancellation before the cancellation is taken as done. */
const maxChecks = 3;

/** Cancels the case of an anonymised candidate at the vendor before it is erased, so that they are not invited or screened. */
@Injectable()
export class EndCase extends OrderedCases {
  private readonly log = new Logger('erasing');

  constructor(
    private readonly cases: VendorCases,
    private readonly cancelCase: CancelCaseHandler,
    private readonly reader: CaseReader,
  ) {
    super();
  }

  /** A refusal is final: only our side is erased. */
  async end(teamId: string, orderId: string, asked: number): Promise<boolean> {
    const followed = await this.cases.find(teamId, orderId);
    if (!followed || endedStates.includes(followed.state)) return true;
    const { kind } = await this.ask(followed);
    if (kind === 'no_answer') return false;
    const present = await this.read(followed);
    if (kind === 'refused') this.log.warn({ orderId: followed.orderId }, 'a case to be erased cannot be cancelled');
    return kind === 'refused' || asked >= maxChecks || endedStates.includes(present.state);
  }

  private async ask({ teamId, orderId }: FollowedCase): Promise<CancelAnswer> {
    try {
      return await this.cancelCase.execute(new CancelCase(teamId, orderId));
    } catch (error) {
      if (error instanceof DomainError) return { kind: 'no_answer' };
      throw error;
    }
  }

  /** The case after the cancellation request, or as last read when the vendor cannot be reached. */
  private async read(followed: FollowedCase): Promise<FollowedCase> {
    try {
      await this.reader.read(followed);
    } catch (error) {
      if (!(error instanceof VendorFailure || error instanceof DomainError)) throw error;
    }
    return (await this.cases.find(followed.teamId, followed.orderId)) ?? followed;
  }
}
