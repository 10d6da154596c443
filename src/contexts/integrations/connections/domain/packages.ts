import type { VendorPackage } from '../../gateway/domain/vendor-terms.js';
import type { Connection } from './connection.js';

/** The packages of an account when they were last read. */
export interface KnownPackages {
  packages: VendorPackage[];
  fetchedAt: Date;
}

/** The last list of each connection, shared by all replicas. */
export abstract class Packages {
  /** `ageSeconds` is measured by the database's clock. Null: the list was never read. */
  abstract lastKnown(connection: Connection): Promise<(KnownPackages & { ageSeconds: number }) | null>;
  abstract replace(connection: Connection, packages: VendorPackage[]): Promise<KnownPackages>;
}

/** Which packages of a vendor interview plans name. */
export abstract class AttachedPackages {
  abstract idsOf(teamId: string, vendor: string): Promise<string[]>;
}
