import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ReportUncancelled } from '../../contract.js';
import { Findings } from '../../domain/discrepancies.js';

@CommandHandler(ReportUncancelled)
export class ReportUncancelledHandler implements ICommandHandler<ReportUncancelled, void> {
  constructor(private readonly findings: Findings) {}

  execute({ teamId, orderId }: ReportUncancelled): Promise<void> {
    return this.findings.caseIsUncancelled(teamId, orderId);
  }
}
