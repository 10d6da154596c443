import { Injectable } from '@nestjs/common';
import type { Vendor } from '../gateway/domain/vendor.js';
import { Vendors } from '../gateway/domain/vendors.js';

const dayMs = 24 * 3600 * 1000;

/** Days before the end of a key from which admins and operators are warned. */
export const keyWarningDays = 30;

/** What the vendor of a connection is known for, for views and alarms. */
@Injectable()
export class VendorFacts {
  constructor(private readonly vendors: Vendors) {}

  /** In the order of the screens. */
  get all(): readonly Vendor[] {
    return this.vendors.all;
  }

  of(id: string): Vendor {
    return this.vendors.of(id);
  }

  /** The end of an API key, counted from when it was saved here, which is all we know. Null: it has none. */
  keyExpiresAt(vendor: string, savedAt: string | Date): Date | null {
    const { keyLifeDays } = this.vendors.of(vendor);
    return keyLifeDays === null ? null : new Date(new Date(savedAt).getTime() + keyLifeDays * dayMs);
  }

  /** Whole days until the key expires; negative once it has. */
  keyDaysLeft(vendor: string, savedAt: string | Date, now: Date): number | null {
    const end = this.keyExpiresAt(vendor, savedAt);
    return end && Math.floor((end.getTime() - now.getTime()) / dayMs);
  }

  /** For how many days each vendor's keys work; null: they do not end. */
  keyLives(): { vendor: string; days: number | null }[] {
    return this.vendors.all.map(({ id, keyLifeDays }) => ({ vendor: id, days: keyLifeDays }));
  }
}
