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
import { ScreeningAccounts } from '../../domain/ports.js';

@Injectable()
export class IntegrationAccounts extends ScreeningAccounts {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  async nameOf(vendor: string): Promise<string> {
    const vendors = await this.queries.execute<ListVendors, VendorFacts[]>(new ListVendors());
    return vendors.find(({ id }) => id === vendor)?.name ?? vendor;
  }

  async isEnabled(teamId: string, vendor: string): Promise<boolean> {
    const query = new GetConnectionState(teamId, vendor);
    const { state } = await this.queries.execute<GetConnectionState, ConnectionStateFacts>(query);
    return state === 'enabled';
  }

  async findOrderable(teamId: string, vendor: string, packageId: string): Promise<{ id: string; name: string } | null> {
    const query = new FindPackage(teamId, vendor, packageId);
    const found = await this.queries.execute<FindPackage, PackageFacts | null>(query);
    return found?.active ? { id: found.id, name: found.name } : null;
  }
}
