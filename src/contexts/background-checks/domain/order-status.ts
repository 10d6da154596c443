import type { CaseResult, CaseState } from './case-outcome.js';

export type Environment = 'production' | 'sandbox';

/** How the order for a check stands with the vendor. */
export interface OrderStatus {
  state: 'waiting' | 'confirming' | 'needs_decision' | 'placed' | 'refused' | 'withdrawn';
  /** Why it waits, or was refused: safe to show. */
  message: string | null;
  connectionActionRequired: boolean;
  /** The operator of the service holds all orders. */
  held?: boolean;
  /** The vendor does not have it, and it is sent again once the account may send another one again by itself. */
  waitsToBeResent?: boolean;
  /** The vendor's cases that fit equally well, when a person must decide. */
  candidates: readonly string[];
  caseId: string | null;
  environment: Environment;
  portalUrl: string;
}

/** The case as last read from the vendor. `revision` grows with every reading that differed. */
export interface CaseSnapshot {
  /** null: forgotten. */
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
