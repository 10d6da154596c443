import type { Reader } from '#platform/config/reader';
import type { Vendor } from '../gateway/domain/vendor.js';
import { certn } from './certn/index.js';

/** The vendors of the service, one line each. A vendor reads its own settings; faults go into the reader. */
export const vendors: readonly [VendorMaker, ...VendorMaker[]] = [
  // In the order of the screens.
  certn,
];

type VendorMaker = (settings: Reader) => Vendor;
