import type { CaseResult, CaseState } from './case-outcome.js';

export type Environment = 'production' | 'sandbox';

/** The vendor of an order, with its name for sentences. */
export interface OrderVendor {
  id: string;
  name: string;
}

/** The status of a check's order at the vendor. */
export interface OrderStatus {
  state: 'waiting' | 'confirming' | 'needs_decision' | 'placed' | 'refused' | 'withdrawn';
  /** Why it waits or was refused. Safe to show. */
  message: string | null;
  connectionActionRequired: boolean;
  /** The operator of the service holds all orders. */
  held?: boolean;
  /** The vendor does not have it. It is resent once the account's limit of automatic resends per hour allows. */
  waitsToBeResent?: boolean;
  /** The ids of the vendor's cases that fit equally well, when a person must decide. */
  candidates: readonly string[];
  caseId: string | null;
  vendor: OrderVendor;
  environment: Environment;
  portalUrl: string;
}

/** The case as last read from the vendor. `revision` grows with every read that differed from the one before. */
export interface CaseSnapshot {
  /** null: erased. */
  caseId: string | null;
  shortId: string | null;
  state: CaseState;
  result: CaseResult | null;
  vendorStatus: string;
  vendorScore: string | null;
  environment: Environment;
  portalUrl: string;
  revision: number;
  confirmedAt: Date;
}
