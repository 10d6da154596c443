import { retryAfterSeconds } from './errors.ts';

export interface RetryPolicy {
  /** How often a request is sent at most, the first time included. 1: never again. */
  attempts: number;
  /** Milliseconds before the first repetition when the service names none. Each further pause is twice as long. */
  pauseMs: number;
  /** When the service asks for a longer pause than these milliseconds, the error is thrown at once. */
  longestPauseMs: number;
  /** Milliseconds for one attempt, from the first byte sent to the last byte received. */
  timeoutMs: number;
}

export const defaultPolicy: RetryPolicy = {
  attempts: 4,
  pauseMs: 500,
  longestPauseMs: 60_000,
  timeoutMs: 30_000,
};

export type Fetch = (request: Request, init?: RequestInit) => Promise<Response>;

const repeatableMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Whether a request may be sent twice although the first may have been executed. A POST or PATCH only with a key by which the
 * service knows it again. A change under `If-Match` would meet its own effect, and be refused.
 */
function isRepeatable({ method, headers }: Request): boolean {
  if (headers.has('idempotency-key')) return true;
  return repeatableMethods.has(method) && !headers.has('if-match');
}

/** Sends requests with a time limit, and repeats those that may be repeated when another attempt may succeed. */
export function retrying(send: Fetch, policy: RetryPolicy): Fetch {
  return async (request) => {
    const most = isRepeatable(request) ? policy.attempts : 1;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attemptOf(send, request, policy.timeoutMs);
      request.signal.throwIfAborted();
      const pause = attempt < most ? pauseAfter(outcome, attempt, policy) : null;
      if (pause !== null) await wait(pause, request.signal);
      else if (outcome instanceof Response) return outcome;
      else throw outcome;
    }
  };
}

/** The answer with its whole body, because the connection may also break in the middle of it; or what was thrown. */
async function attemptOf(send: Fetch, request: Request, timeoutMs: number): Promise<Response | Error> {
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
    const response = await send(request.clone(), { signal });
    const { status, statusText, headers } = response;
    const bytes = await response.arrayBuffer();
    return new Response(bytes.byteLength === 0 ? null : bytes, { status, statusText, headers });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Milliseconds until the next attempt; null: it would not help. */
function pauseAfter(outcome: Response | Error, attempt: number, policy: RetryPolicy): number | null {
  const usual = Math.min(policy.pauseMs * 2 ** (attempt - 1), policy.longestPauseMs) * (0.5 + Math.random() / 2);
  if (!(outcome instanceof Response)) return usual;
  const asked = retryAfterSeconds(outcome.headers);
  const { status } = outcome;
  // 409 with a time to wait: the first attempt with this key is still being executed.
  if (status === 409 && asked === null) return null;
  if (![409, 429, 502, 503, 504].includes(status)) return null;
  if (asked === null) return usual;
  return asked * 1000 > policy.longestPauseMs ? null : asked * 1000 + usual;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    function stop(): void {
      clearTimeout(timer);
      reject(signal.reason as Error);
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}
