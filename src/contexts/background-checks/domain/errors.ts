import { DomainError, invalidField } from '#kernel/errors';

const conflict = (reason: string, message: string): DomainError => new DomainError('conflict', reason, message);

export const applicationNotActive = (): DomainError =>
  conflict('application_not_active', 'This application is closed. Checks can only be sent for active applications.');

export const candidateAnonymised = (): DomainError =>
  conflict('candidate_anonymised', 'This candidate was anonymised. No checks can be sent.');

/** `vendor`: its name. */
export const integrationNotEnabled = (vendor: string): DomainError =>
  conflict('integration_not_enabled', `${vendor} is not connected. An admin can connect it under Integrations.`);

/** Names the check that holds the slot, so that the caller can show it. */
export const checkInProgress = (checkId: string): DomainError =>
  new DomainError('conflict', 'check_in_progress', 'A check is already in progress.', {
    json: { background_check_id: [checkId] },
  });

export const candidateEmailMissing = (): DomainError =>
  new DomainError(
    'invalid',
    'candidate_email_missing',
    'This candidate has no valid email address. Add one to send a check.',
  );

/** `vendor`: its name. */
export const packageUnavailable = (vendor: string): DomainError =>
  invalidField(
    'package_id',
    'package_unavailable',
    `This package is not available in your ${vendor} account. Choose another one.`,
  );

export const sendingNotAllowed = (): DomainError =>
  new DomainError('forbidden', 'not_allowed', "You don't have permission to send this background check.");

export const alreadyFinished = (): DomainError =>
  conflict('already_finished', 'This check is finished and can no longer be cancelled.');

export const cancelRefused = (message: string): DomainError => conflict('cancel_refused', message);

export const resultsNotReady = (status: string): DomainError =>
  conflict(
    'results_not_ready',
    `Results are not ready yet. The status of the check is ${status.replaceAll('_', ' ')}.`,
  );

export const resultsNotAvailable = (): DomainError =>
  conflict('results_not_available', 'This check ended without results.');

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

export const resultRemoved = (at: Date): DomainError =>
  conflict(
    'result_removed',
    `The result of this check was removed on ${day.format(at)} by your team's retention rule.`,
  );

export const notResendable = (): DomainError =>
  conflict(
    'not_resendable',
    'Only a check that was not sent, not delivered, expired, declined or cancelled can be resent.',
  );

/** Names the check that replaced it, so that the caller can show it. */
export const alreadyReplaced = (successorId: string): DomainError =>
  new DomainError('conflict', 'already_replaced', 'This check was already replaced by a newer check.', {
    json: { background_check_id: [successorId] },
  });

/** For a resend: its activity comes from the old check. A new send names the activity in the body and gets another error. */
export const itemDeleted = (): DomainError =>
  conflict('item_deleted', 'The activity of this check was removed from the interview plan.');

/** Two transactions changed a check at the same time: of two people, or of a person and an event. */
export const changedMeanwhile = (): DomainError =>
  conflict('changed_meanwhile', 'This check was just changed. Try again.');
