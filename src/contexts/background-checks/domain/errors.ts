import { DomainError, invalidField } from '#kernel/errors';

const conflict = (reason: string, message: string): DomainError => new DomainError('conflict', reason, message);

export const applicationNotActive = (): DomainError =>
  conflict('application_not_active', 'The application is closed: checks are sent for active applications only.');

export const candidateAnonymised = (): DomainError =>
  conflict('candidate_anonymised', 'This candidate was anonymised: no check can be sent any more.');

export const integrationNotEnabled = (): DomainError =>
  conflict('integration_not_enabled', 'Certn is not connected: an administrator can connect it under Integrations.');

/** Names the check that holds the slot, so that the caller can show it. */
export const checkInProgress = (checkId: string): DomainError =>
  new DomainError('conflict', 'check_in_progress', 'A check from this activity is already under way.', {
    json: { background_check_id: [checkId] },
  });

export const candidateEmailMissing = (): DomainError =>
  new DomainError(
    'invalid',
    'candidate_email_missing',
    'The candidate has no e-mail address that Certn could write to.',
  );

export const packageUnavailable = (): DomainError =>
  invalidField(
    'package_id',
    'package_unavailable',
    'This package cannot be ordered from your Certn account: choose another.',
  );

export const sendingNotAllowed = (): DomainError =>
  new DomainError('forbidden', 'not_allowed', 'Your access does not include sending this background check.');

export const idempotencyInProgress = (): DomainError =>
  new DomainError(
    'conflict',
    'idempotency_in_progress',
    'The first request with this Idempotency-Key is still running.',
    {},
    1,
  );

export const idempotencyKeyReused = (): DomainError => {
  const message = 'This Idempotency-Key was used for another request.';
  return new DomainError('invalid', 'idempotency_key_reused', message, { headers: { 'Idempotency-Key': [message] } });
};

export const alreadyFinished = (): DomainError =>
  conflict('already_finished', 'This check is finished: there is nothing left to cancel.');

export const cancelRefused = (message: string): DomainError => conflict('cancel_refused', message);

export const resultsNotReady = (status: string): DomainError =>
  conflict('results_not_ready', `The results are not ready yet: the check's status is ${status.replaceAll('_', ' ')}.`);

export const resultsNotAvailable = (): DomainError =>
  conflict('results_not_available', 'This check ended without results.');

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

export const resultRemoved = (at: Date): DomainError =>
  conflict(
    'result_removed',
    `The result of this check was removed on ${day.format(at)}, as your team's retention rule says.`,
  );

export const notResendable = (): DomainError =>
  conflict(
    'not_resendable',
    'Only a check that was not sent, not delivered, expired, declined or cancelled can be sent again.',
  );

/** Names the check that replaced it, so that the caller can show it. */
export const alreadyReplaced = (successorId: string): DomainError =>
  new DomainError('conflict', 'already_replaced', 'This check was sent again already.', {
    json: { background_check_id: [successorId] },
  });

/** For a resend: its activity comes from the old check. A new send names the activity in the body and gets another error. */
export const itemDeleted = (): DomainError =>
  conflict('item_deleted', 'The activity that this check was sent from was removed from the interview plan.');

/** Two transactions changed a check at the same time: of two people, or of a person and an event. */
export const changedMeanwhile = (): DomainError =>
  conflict('changed_meanwhile', 'The check changed in the same moment: please try again.');
