import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { type CancelAnswer, CancelCase } from '../../contract.js';
import { endedStates, ProviderFailure } from '../../domain/screening-provider.js';
import { type FollowedCase, VendorCases } from '../../domain/vendor-cases.js';
import { CancelCaseHandler } from '../following/cancel-case.js';
import { CaseReader } from '../following/case-reader.js';

/** How often an agreed cancel is looked for in the case before it is believed without. */
const patience = 3;

/** Nobody may stay invited, or be screened, who was anonymised: their case is cancelled at the vendor before it is forgotten. */
@Injectable()
export class EndCase {
  private readonly log = new Logger('erasing');

  constructor(
    private readonly cases: VendorCases,
    private readonly cancelCase: CancelCaseHandler,
    private readonly reader: CaseReader,
  ) {}

  /** `false`: the vendor could not be asked, or does not show it yet. A refusal is final: then only we can forget it. */
  async of(followed: FollowedCase, asked: number): Promise<boolean> {
    if (endedStates.includes(followed.state)) return true;
    const { kind } = await this.ask(followed);
    if (kind === 'no_answer') return false;
    const present = await this.read(followed);
    if (kind === 'refused') this.log.warn({ orderId: followed.orderId }, 'a case to be forgotten cannot be cancelled');
    return kind === 'refused' || asked >= patience || endedStates.includes(present.state);
  }

  private async ask({ teamId, orderId }: FollowedCase): Promise<CancelAnswer> {
    try {
      return await this.cancelCase.execute(new CancelCase(teamId, orderId));
    } catch (error) {
      if (error instanceof DomainError) return { kind: 'no_answer' };
      throw error;
    }
  }

  /** How it stands after that, as far as can be told now. */
  private async read(followed: FollowedCase): Promise<FollowedCase> {
    try {
      await this.reader.read(followed);
    } catch (error) {
      if (!(error instanceof ProviderFailure || error instanceof DomainError)) throw error;
    }
    return (await this.cases.find(followed.teamId, followed.orderId)) ?? followed;
  }
}
