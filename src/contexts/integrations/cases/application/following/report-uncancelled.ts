import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ReportUncancelled } from '../../../contract.js';
import { Discrepancies } from '../../domain/discrepancies.js';

@CommandHandler(ReportUncancelled)
export class ReportUncancelledHandler implements ICommandHandler<ReportUncancelled, void> {
  constructor(private readonly discrepancies: Discrepancies) {}

  execute({ teamId, orderId }: ReportUncancelled): Promise<void> {
    return this.discrepancies.caseIsUncancelled(teamId, orderId);
  }
}
