import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RefreshCase } from '../../../contract.js';
import { asDomainError } from '../../../gateway/application/vendor-errors.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { ReconcileOrders } from '../../../orders/application/reconcile-orders.js';
import { VendorCases } from '../../domain/vendor-cases.js';
import { CaseReader } from './case-reader.js';

@CommandHandler(RefreshCase)
export class RefreshCaseHandler implements ICommandHandler<RefreshCase> {
  constructor(
    private readonly cases: VendorCases,
    private readonly reader: CaseReader,
    private readonly reconcileOrders: ReconcileOrders,
  ) {}

  async execute({ teamId, orderId }: RefreshCase): Promise<void> {
    const followed = await this.cases.find(teamId, orderId);
    try {
      // `now` does nothing unless the order's outcome is unknown.
      if (followed) await this.reader.read(followed);
      else await this.reconcileOrders.now(teamId, orderId);
    } catch (error) {
      throw error instanceof VendorFailure ? asDomainError(error) : error;
    }
  }
}
