import { VendorFailure } from '../domain/vendor-terms.js';

type Reason = VendorFailure['reason'];

/** One sentence per way to fail, which a recruiter understands. A vendor may have better ones of its own. */
export type Sentences = Record<Reason | 'outcome_unknown', string>;

export function sentencesOf(vendor: string): Sentences {
  return {
    key_refused: `${vendor} rejected the API key.`,
    misdirected: `${vendor} rejected the request at this address.`,
    throttled: `${vendor} asked for fewer calls.`,
    server_error: `${vendor} had an internal error.`,
    refused: `${vendor} refused the request.`,
    not_found: `${vendor} could not find this.`,
    unusable: `${vendor}'s report could not be used.`,
    not_permitted: `${vendor} does not let this account open the report.`,
    nonsense: `${vendor}'s response could not be read.`,
    unreachable: `${vendor} could not be reached.`,
    timeout: `${vendor} did not respond in time.`,
    outcome_unknown: `${vendor} may have taken the order. Its response was lost or could not be read.`,
  };
}

/** Makes failures with a vendor's sentences. */
export function failuresWith(sentences: Sentences) {
  return (remedy: VendorFailure['remedy'], reason: Reason, retryAfterMs: number | null = null): VendorFailure =>
    new VendorFailure(remedy, reason, sentences[reason], retryAfterMs);
}
