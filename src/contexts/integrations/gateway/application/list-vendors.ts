import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListVendors, type VendorFacts } from '../../contract.js';
import { Vendors } from '../domain/vendors.js';

@QueryHandler(ListVendors)
export class ListVendorsHandler implements IQueryHandler<ListVendors, VendorFacts[]> {
  constructor(private readonly vendors: Vendors) {}

  execute(): Promise<VendorFacts[]> {
    const facts = this.vendors.all.map(({ id, name, activity }) => ({
      id,
      name,
      activityLabel: activity.label,
      activityName: activity.displayName,
    }));
    return Promise.resolve(facts);
  }
}
