import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RefreshCase } from '../../contract.js';
import { ProviderFailure } from '../../domain/screening-provider.js';
import { VendorCases } from '../../domain/vendor-cases.js';
import { asDomainError } from '../vendor-calls.js';
import { CaseReader } from './case-reader.js';

@CommandHandler(RefreshCase)
export class RefreshCaseHandler implements ICommandHandler<RefreshCase> {
  constructor(
    private readonly cases: VendorCases,
    private readonly reader: CaseReader,
  ) {}

  async execute({ teamId, orderId }: RefreshCase): Promise<void> {
    const followed = await this.cases.find(teamId, orderId);
    if (!followed) return;
    try {
      await this.reader.read(followed);
    } catch (error) {
      throw error instanceof ProviderFailure ? asDomainError(error) : error;
    }
  }
}
