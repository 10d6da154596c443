import type { Connection } from '../../connections/domain/connection.js';
import type { VendorCase } from '../../gateway/domain/vendor-terms.js';

/** The connection whose vendor named a case. Case ids are unique per host. */
export type CaseSource = Pick<Connection, 'teamId' | 'id' | 'host'>;

/** Which order has which case, and the unmatched cases: those that events named and no order has yet. */
export abstract class CaseLinks {
  /** Links a case to one order, permanently, and stores its first snapshot. `false`: another order has it, or it was erased. */
  abstract link(
    order: { teamId: string; id: string; connectionId: string },
    host: string,
    snapshot: VendorCase,
  ): Promise<boolean>;
  /** Stores a case id that may turn out to be ours and returns its fingerprint. null: it is a case of ours that was erased. */
  abstract storeUnmatchedCase(connection: CaseSource, caseId: string): Promise<string | null>;
  /** The stored case id with that fingerprint. */
  abstract unmatchedCase(teamId: string, connectionId: string, caseHash: string): Promise<string | null>;
  /** Removes the unmatched case. `true`: events about it arrived before its order was known to have it. */
  abstract takeUnmatchedCase(teamId: string, connectionId: string, caseId: string): Promise<boolean>;
}
