import type { Vendor } from './vendor.js';

/** The vendors of this release, in the order of `vendors/index.ts`. */
export class Vendors {
  private readonly byId: ReadonlyMap<string, Vendor>;

  constructor(readonly all: readonly [Vendor, ...Vendor[]]) {
    this.byId = new Map(all.map((vendor) => [vendor.id, vendor]));
    if (this.byId.size < all.length) throw new Error('Two vendors have the same id.');
  }

  find(id: string): Vendor | null {
    return this.byId.get(id) ?? null;
  }

  /** Throws for an unknown id: what is stored with it cannot be handled by this release. */
  of(id: string): Vendor {
    const vendor = this.find(id);
    if (!vendor) throw new Error(`This release has no vendor "${id}".`);
    return vendor;
  }
}
