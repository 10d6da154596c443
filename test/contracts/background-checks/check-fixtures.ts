import { anId } from '../../fakes/platform.js';
import { BackgroundCheck, type CheckRequest } from '../../../src/contexts/background-checks/domain/background-check.js';
import type { CaseSnapshot, OrderStatus } from '../../../src/contexts/background-checks/domain/order-status.js';

export const now = new Date('2026-10-01T14:00:00.123Z');

export const aRequest = (request: Partial<CheckRequest> = {}): CheckRequest => ({
  teamId: anId(),
  id: anId(),
  applicationId: anId(),
  candidateId: anId(),
  jobId: anId(),
  jobStageItemId: anId(),
  vendor: 'certn',
  packageId: 'package',
  packageName: 'Basic',
  sentTo: 'ada@example.org',
  requestedBy: anId(),
  replacesId: null,
  ...request,
});

export const aCheck = (request: Partial<CheckRequest> = {}): BackgroundCheck =>
  BackgroundCheck.request(aRequest(request), now);

export const aSnapshot = (revision: number, snapshot: Partial<CaseSnapshot> = {}): CaseSnapshot => ({
  caseId: 'case',
  shortId: null,
  state: 'invited',
  result: null,
  vendorStatus: 'WORD',
  vendorScore: null,
  environment: 'sandbox',
  portalUrl: 'https://vendor.example.org/ca',
  revision,
  confirmedAt: now,
  ...snapshot,
});

export const anOrderStatus = (status: Partial<OrderStatus> = {}): OrderStatus => ({
  state: 'waiting',
  message: null,
  connectionActionRequired: false,
  candidates: [],
  caseId: null,
  vendor: { id: 'certn', name: 'Certn' },
  environment: 'production',
  portalUrl: 'https://vendor.example.org/ca',
  ...status,
});
