import type { DomainError, ErrorKind } from '#kernel/errors';
import * as refusals from './errors.js';

const at = new Date('2026-03-09T23:30:00Z');

describe('a refusal about a check', () => {
  it.each<[DomainError, ErrorKind, string]>([
    [refusals.applicationNotActive(), 'conflict', 'application_not_active'],
    [refusals.candidateAnonymised(), 'conflict', 'candidate_anonymised'],
    [refusals.integrationNotEnabled('Certn'), 'conflict', 'integration_not_enabled'],
    [refusals.checkInProgress('check'), 'conflict', 'check_in_progress'],
    [refusals.candidateEmailMissing(), 'invalid', 'candidate_email_missing'],
    [refusals.packageUnavailable('Certn'), 'invalid', 'package_unavailable'],
    [refusals.sendingNotAllowed(), 'forbidden', 'not_allowed'],
    [refusals.alreadyFinished(), 'conflict', 'already_finished'],
    [refusals.cancelRefused('Too late.'), 'conflict', 'cancel_refused'],
    [refusals.resultsNotReady('in_progress'), 'conflict', 'results_not_ready'],
    [refusals.resultsNotAvailable(), 'conflict', 'results_not_available'],
    [refusals.resultRemoved(at), 'conflict', 'result_removed'],
    [refusals.notResendable(), 'conflict', 'not_resendable'],
    [refusals.alreadyReplaced('check'), 'conflict', 'already_replaced'],
    [refusals.itemDeleted(), 'conflict', 'item_deleted'],
    [refusals.changedMeanwhile(), 'conflict', 'changed_meanwhile'],
  ])('%s is a sentence, with a kind and a stable reason for programs', (refusal, kind, reason) => {
    expect(refusal).toMatchObject({ kind, reason, message: expect.stringMatching(/^[A-Z][^.]+\.( [A-Z][^.]+\.)*$/) });
  });

  it('names the check that is in the way', () => {
    for (const refusal of [refusals.checkInProgress('check'), refusals.alreadyReplaced('check')])
      expect(refusal.errors).toEqual({ json: { background_check_id: ['check'] } });
  });

  it('names the field that is wrong', () => {
    const wrongPackage = refusals.packageUnavailable('Certn');
    expect(wrongPackage.errors).toEqual({ json: { package_id: [wrongPackage.message] } });
  });

  it('repeats the vendor’s words, and says the status in words', () => {
    expect(refusals.cancelRefused('Too late.').message).toBe('Too late.');
    expect(refusals.resultsNotReady('awaiting_the_candidate').message).toMatch(/is awaiting the candidate\.$/);
  });

  it('says the day of a removal as it was in UTC', () => {
    expect(refusals.resultRemoved(at).message).toContain('on 9 March 2026 by');
  });
});
