/** Fields of a check that are set together. */

export const noMessage = { message: null, candidates: [] } as const;

/** The fields that identify the vendor's case, blank. */
export const withoutIdentifyingFields = { caseId: null, shortId: null, portalUrl: null } as const;

/** The fields that a check loses with its result: the vendor's words, ids and links. */
export const withoutResult = {
  ...withoutIdentifyingFields,
  result: null,
  vendorStatus: null,
  vendorScore: null,
  failureMessage: null,
  failureCandidates: [],
} as const;

/** The initial fields of a requested check. */
export const initialFacts = {
  status: 'requested',
  result: null,
  failureReason: null,
  failureMessage: null,
  failureCandidates: [],
  caseId: null,
  shortId: null,
  vendorStatus: null,
  vendorScore: null,
  portalUrl: null,
  environment: null,
  caseRevision: 0,
  confirmedAt: null,
  cancelRequestedAt: null,
  holdsSlot: true,
  replacedById: null,
  erasedAt: null,
  settledAt: null,
  resultRemovedAt: null,
  revision: 0,
} as const;
