/** What an attempt came to. `error` is one of our own sentences: nothing that the endpoint answered is kept. */
export interface AttemptOutcome {
  succeeded: boolean;
  /** The endpoint said that it wants no more events. */
  gone: boolean;
  /** It failed here, before the endpoint was called: that does not count against the endpoint. */
  isOurFault: boolean;
  httpStatus: number | null;
  durationMs: number;
  error: string | null;
}

/** What an endpoint did instead of answering. */
export type NoAnswer =
  'timeout' | 'unreachable' | 'certificate' | 'forbidden' | 'secret_unreadable' | 'not_prepared' | 'switched_off';

const sentences: Record<NoAnswer, string> = {
  timeout: 'The endpoint did not answer in time.',
  unreachable: 'The endpoint could not be reached.',
  certificate: 'The certificate of the endpoint was not accepted.',
  forbidden: 'The address is not allowed: it is in a private network, or not https.',
  secret_unreadable: 'The secret of the endpoint cannot be opened. Rotate it.',
  not_prepared: 'The event could not be prepared. It is tried again.',
  switched_off: 'The endpoint was switched off before it was sent to.',
};

const ourFaults: readonly NoAnswer[] = ['secret_unreadable', 'not_prepared', 'switched_off'];

export const noAnswer = (why: NoAnswer, durationMs: number): AttemptOutcome => ({
  ...{ succeeded: false, gone: false, httpStatus: null, durationMs },
  isOurFault: ourFaults.includes(why),
  error: sentences[why],
});

export function answered(status: number, durationMs: number): AttemptOutcome {
  const succeeded = status >= 200 && status < 300;
  return {
    succeeded,
    gone: status === 410,
    isOurFault: false,
    httpStatus: status,
    durationMs,
    error: succeeded ? null : errorOf(status),
  };
}

function errorOf(status: number): string {
  if (status === 410) return 'The endpoint answered 410: it wants no more events.';
  if (status >= 300 && status < 400) return `The endpoint answered ${status}: redirects are not followed.`;
  return `The endpoint answered ${status}.`;
}

/** What the log says of an attempt whose process died. Whether the endpoint got the event is unknown, so it is sent again. */
export const abandonedError = 'The service stopped before the answer came.';
