import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Connections } from '../../../connections/domain/connections.js';
import { type CaseFacts, GetCase } from '../../../contract.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { VendorCases } from '../../domain/vendor-cases.js';

@QueryHandler(GetCase)
export class GetCaseHandler implements IQueryHandler<GetCase> {
  constructor(
    private readonly cases: VendorCases,
    private readonly connections: Connections,
    private readonly vendors: Vendors,
  ) {}

  async execute({ teamId, orderId }: GetCase): Promise<CaseFacts | null> {
    const followed = await this.cases.lastSnapshot(teamId, orderId);
    const connection = followed && (await this.connections.byId(teamId, followed.connectionId));
    if (!followed || !connection) return null;
    const { caseId, shortId, state, result, vendorStatus, vendorScore, revision, confirmedAt } = followed;
    return {
      caseId,
      shortId,
      state,
      result,
      vendorStatus,
      vendorScore,
      revision,
      confirmedAt: confirmedAt.toISOString(),
      environment: connection.environment,
      portalUrl: this.vendors.of(connection.vendor).account.portalUrl(connection.region),
    };
  }
}
