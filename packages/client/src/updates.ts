import { ApiError, errorIn } from './errors.ts';
import { eventsIn, type ServerEvent } from './event-stream.ts';
import type { Schemas } from './http.ts';

/** What the stream of updates says. `cursor` is the place to resume at: store it, and give it as `lastEventId` after a restart. */
export type Update =
  /** Changes before this moment may not have been reported: read your lists now. Comes first, unless the stream resumes. */
  | { type: 'reset'; cursor: string | null }
  /** The check in its present state, as this caller may see it. It may come more than once. */
  | { type: 'background_check.status_changed'; cursor: string | null; check: Schemas['CheckResponse'] };

export interface UpdateOptions {
  /** Ends the iteration without an error. */
  signal?: AbortSignal;
  /** The `cursor` of the last update that was taken care of. */
  lastEventId?: string | null;
  /** Told with every event (`live`), before the first attempt to connect again (`connecting`) and before further ones (`lost`). */
  onConnection?: (state: 'connecting' | 'live' | 'lost') => void;
}

/** Opens the stream with these headers. */
export type OpenUpdates = (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

/** The service sends something every 15 seconds. More than two missed beats mean a dead connection. */
const silenceMs = 35_000;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

/**
 * The changes of background checks from now on, over every lost connection and restart of the service. Throws an `ApiError` only
 * when connecting again cannot help: `AuthenticationError`, `PermissionError`, and before the first success others below 500.
 */
export async function* followUpdates(open: OpenUpdates, options: UpdateOptions = {}): AsyncGenerator<Update, void> {
  const { onConnection } = options;
  const stop = options.signal ?? new AbortController().signal;
  let cursor = options.lastEventId ?? null;
  let wasLive = false;
  for (let failures = 0; !stop.aborted; failures += 1) {
    try {
      for await (const event of listen(open, cursor, stop)) {
        failures = 0;
        wasLive = true;
        onConnection?.('live');
        const unheard = cursor === null;
        cursor = event.id ?? cursor;
        if (unheard && event.type !== 'reset') yield { type: 'reset', cursor };
        const update = updateIn(event, cursor);
        if (update) yield update;
      }
    } catch (error) {
      if (error instanceof ApiError && isFinal(error, wasLive)) throw error;
      // Any other failure: wait and connect again.
    }
    if (stop.aborted) return;
    onConnection?.(failures === 0 ? 'connecting' : 'lost');
    await pause(Math.min(firstPauseMs * 2 ** failures, longestPauseMs) * (0.5 + Math.random() / 2), stop);
  }
}

/** While a service is replaced, whatever stands before it may answer anything. */
function isFinal({ status }: ApiError, wasLive: boolean): boolean {
  if (status === 401 || status === 403) return true;
  return !wasLive && status >= 400 && status < 500 && status !== 429;
}

/** Events of kinds that this version does not know are left out. */
function updateIn({ type, data }: ServerEvent, cursor: string | null): Update | null {
  if (type === 'reset') return { type, cursor };
  if (type !== 'background_check.status_changed') return null;
  return { type, cursor, check: JSON.parse(data) as Schemas['CheckResponse'] };
}

async function* listen(open: OpenUpdates, cursor: string | null, stop: AbortSignal): AsyncGenerator<ServerEvent, void> {
  const broken = new AbortController();
  let watchdog = setTimeout(() => broken.abort(), silenceMs);
  try {
    const headers = { accept: 'text/event-stream', ...(cursor === null ? {} : { 'last-event-id': cursor }) };
    const response = await open(headers, AbortSignal.any([stop, broken.signal]));
    if (!response.ok) throw await errorIn(response);
    if (!response.body) return;
    for await (const event of eventsIn(response.body)) {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => broken.abort(), silenceMs);
      yield event;
    }
  } finally {
    clearTimeout(watchdog);
    broken.abort();
  }
}

/** Waits, in a browser at most until the device is online again. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const browser = 'addEventListener' in globalThis ? (globalThis as unknown as EventTarget) : null;
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      browser?.removeEventListener('online', done);
      stop.removeEventListener('abort', done);
      resolve();
    }
    browser?.addEventListener('online', done);
    stop.addEventListener('abort', done);
  });
}
