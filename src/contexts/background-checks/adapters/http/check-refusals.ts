import { vendorRefusals } from '#contexts/integrations';
import type { Refusals } from '#platform/http/refuses';
import { idempotencyInProgress, idempotencyKeyReused } from '#platform/idempotency/errors';
import {
  applicationNotActive,
  candidateAnonymised,
  candidateEmailMissing,
  checkInProgress,
  integrationNotEnabled,
  packageUnavailable,
  resultRemoved,
  resultsNotAvailable,
  resultsNotReady,
} from '../../domain/errors.js';

/** With what a check is refused when it is sent, for the first time or again. */
export const ofSending: Refusals[] = [
  applicationNotActive(),
  candidateAnonymised(),
  integrationNotEnabled(''),
  checkInProgress(''),
  candidateEmailMissing(),
  packageUnavailable(''),
  idempotencyInProgress(),
  idempotencyKeyReused(),
  ...vendorRefusals,
];

/** With what a report is refused. */
export const ofReports: Refusals[] = [
  resultsNotReady(''),
  resultsNotAvailable(),
  resultRemoved(new Date(0)),
  ...vendorRefusals,
  ['conflict', 'results_not_available'],
  ['too_many', 'too_many_reports'],
  ['upstream', 'report_failed', 'report_not_permitted', 'report_unusable'],
  ['unavailable', 'results_not_ready'],
];
