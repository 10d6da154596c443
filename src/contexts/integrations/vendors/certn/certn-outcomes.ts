import { type OrderOutcome, VendorFailure } from '../../gateway/domain/vendor-terms.js';
import { failuresWith, sentencesOf } from '../../gateway/http/failures.js';
import type { Answer, Exchange } from '../../gateway/http/json-calls.js';
import { caseOf } from './certn-answers.js';
import { isCertnError, messageOf } from './certn-errors.js';

type Verdict = 'taken' | 'refused' | 'key_refused' | 'misdirected' | 'throttled' | 'server_error' | 'other';

/** What each status proves (docs/reliability.md). `refused`: Certn declined the request and created nothing. */
const verdicts: ReadonlyMap<number, Verdict> = new Map([
  [400, 'refused'],
  [401, 'key_refused'],
  [403, 'key_refused'],
  [404, 'refused'],
  [405, 'misdirected'],
  [409, 'refused'],
  [410, 'misdirected'],
  [415, 'misdirected'],
  [422, 'refused'],
  [429, 'throttled'],
]);
const verdictsByClass: ReadonlyMap<number, Verdict> = new Map([
  [2, 'taken'],
  [3, 'misdirected'],
  [5, 'server_error'],
]);

/** The vendor's name in sentences. */
export const certnName = 'Certn';

const sentences = {
  ...sentencesOf(certnName),
  key_refused:
    'Certn rejected the API key. It may be from another region or environment, expired (after a year), revoked, or an old-generation key.',
  not_permitted:
    'Certn does not let this account open the report. Its email address is probably not verified yet. ' +
    "An admin of the Certn account can open the link in Certn's verification email.",
};

function verdictOf(status: number): Verdict {
  return verdicts.get(status) ?? verdictsByClass.get(Math.floor(status / 100)) ?? 'other';
}

export function orderOutcome(exchange: Exchange, apiKey: string): OrderOutcome {
  const { answer } = exchange;
  if (!answer) {
    const lost = exchange.timedOut ? sentences.timeout : sentences.unreachable;
    return exchange.sent ? outcomeUnknown() : { kind: 'not_sent', message: lost, retryAfterMs: null };
  }
  const verdict = verdictOf(answer.status);
  switch (verdict) {
    case 'taken': {
      const opened = caseOf(answer.json);
      return opened ? { kind: 'placed', case: opened } : outcomeUnknown();
    }
    case 'refused':
      return { kind: 'refused', message: messageOf(answer.json, answer.text, apiKey) ?? sentences.refused };
    case 'key_refused':
    case 'misdirected':
      return { kind: 'not_executed', reason: verdict, message: sentences[verdict] };
    case 'throttled':
      // A 429 without Certn's error body may come from a gateway that already forwarded the order.
      return isCertnError(answer.json, 'client_error')
        ? { kind: 'not_sent', message: sentences.throttled, retryAfterMs: answer.retryAfterMs, reached: true }
        : outcomeUnknown();
    case 'server_error':
    case 'other':
      return outcomeUnknown();
  }
}

function outcomeUnknown(): OrderOutcome {
  return { kind: 'outcome_unknown', message: sentences.outcome_unknown };
}

/** The answer to a call that is not an order. Throws `VendorFailure` unless Certn executed the call. */
export function takenAnswer(exchange: Exchange, apiKey: string): Answer {
  const { answer } = exchange;
  if (!answer) throw exchange.timedOut ? failure('retry', 'timeout') : failure('retry', 'unreachable');
  const verdict = verdictOf(answer.status);
  switch (verdict) {
    case 'taken':
      return answer;
    case 'key_refused':
    case 'misdirected':
      throw failure('fix', verdict);
    case 'throttled':
    case 'server_error':
      throw failure('retry', verdict, answer.retryAfterMs);
    case 'refused':
    case 'other': {
      if (answer.status === 404) throw failure('give_up', 'not_found');
      if (answer.status === 408) throw failure('retry', 'timeout');
      const message = messageOf(answer.json, answer.text, apiKey) ?? sentences.refused;
      throw new VendorFailure('give_up', 'refused', message);
    }
  }
}

export function nonsense(message = sentences.nonsense): VendorFailure {
  return new VendorFailure('retry', 'nonsense', message);
}

export const failure = failuresWith(sentences);
