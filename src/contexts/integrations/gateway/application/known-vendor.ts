import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { notFound } from '#kernel/errors';
import { Vendors } from '../domain/vendors.js';

/** The parameter as the API describes it. */
export const vendorInPath = {
  name: 'vendor',
  description: 'The id of a vendor, as in the list of integrations',
  schema: { type: 'string', maxLength: 64, pattern: '^[a-z0-9_]+$' },
};

/** Lets requests pass whose path names a vendor of this release as `:vendor`. The caller's rights were checked before. */
@Injectable()
export class KnownVendor implements CanActivate {
  constructor(private readonly vendors: Vendors) {}

  canActivate(context: ExecutionContext): boolean {
    const { params } = context.switchToHttp().getRequest<{ params: { vendor?: string } }>();
    if (!this.vendors.find(params.vendor ?? '')) throw notFound();
    return true;
  }
}
