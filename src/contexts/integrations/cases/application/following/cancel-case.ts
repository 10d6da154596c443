import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { ConnectionCalls } from '../../../connections/application/connection-calls.js';
import { Connections } from '../../../connections/domain/connections.js';
import { type CancelAnswer, CancelCase } from '../../../contract.js';
import { asDomainError } from '../../../gateway/application/vendor-errors.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { CaseReported } from '../../../orders/domain/events.js';
import { VendorCases } from '../../domain/vendor-cases.js';

/** Asks once. The answer does not prove the cancellation; the case is read afterwards. */
@CommandHandler(CancelCase)
export class CancelCaseHandler implements ICommandHandler<CancelCase> {
  constructor(
    private readonly cases: VendorCases,
    private readonly connections: Connections,
    private readonly vendors: Vendors,
    private readonly calls: ConnectionCalls,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async execute({ teamId, orderId }: CancelCase): Promise<CancelAnswer> {
    const followed = await this.cases.find(teamId, orderId);
    const connection = followed && (await this.connections.byId(teamId, followed.connectionId));
    if (!followed || !connection) return { kind: 'no_answer' };
    const { cancellation, name } = this.vendors.of(connection.vendor);
    if (!cancellation) return { kind: 'refused', message: `${name} offers no way to cancel a case from here.` };
    try {
      const answer = await this.calls.call(connection, 'urgent', (c) => cancellation.cancelCase(c, followed.caseId));
      await this.unitOfWork.run(() => this.outbox.publish([new CaseReported(teamId, orderId)]));
      return answer;
    } catch (error) {
      if (!(error instanceof VendorFailure)) throw error;
      if (error.remedy === 'retry') return { kind: 'no_answer' };
      throw asDomainError(error);
    }
  }
}
