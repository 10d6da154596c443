import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  type ConnectionStateFacts,
  FindPackage,
  GetConnectionState,
  ListVendors,
  type PackageFacts,
  type VendorFacts,
} from '#contexts/integrations';
import { ConnectionState, Packages, type PlanVendor, PlanVendors } from '../../domain/packages.js';

@Injectable()
export class IntegrationPackages extends Packages {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  find(teamId: string, vendor: string, packageId: string): Promise<PackageFacts | null> {
    return this.queries.execute<FindPackage, PackageFacts | null>(new FindPackage(teamId, vendor, packageId));
  }
}

@Injectable()
export class IntegrationVendors extends PlanVendors {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  all(): Promise<PlanVendor[]> {
    return this.queries.execute<ListVendors, VendorFacts[]>(new ListVendors());
  }
}

@Injectable()
export class IntegrationConnection extends ConnectionState {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  async isConnected(teamId: string, vendor: string): Promise<boolean> {
    const query = new GetConnectionState(teamId, vendor);
    const { state } = await this.queries.execute<GetConnectionState, ConnectionStateFacts>(query);
    return state === 'enabled' || state === 'action_required';
  }
}
