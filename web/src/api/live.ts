import { sessionEnded } from '../session/session';
import type { Schemas } from './client';
import { eventsIn, type ServerEvent } from './event-stream';

export type Connection = 'connecting' | 'live' | 'lost';

export interface Listener {
  onCheck(check: Schemas['CheckResponse']): void;
  onConnection(connection: Connection): void;
  /** Called when the stream starts without a cursor or after a reset: earlier changes were not reported, later ones are. */
  onBegin(): void;
}

/** The service sends something every 15 seconds. More than two missed beats mean a dead connection. */
const silenceMs = 35_000;
const longestWaitMs = 30_000;

/** Follows `GET /updates` until `stop`. After a lost connection it resumes at the last event. */
export async function followUpdates(listener: Listener, stop: AbortSignal): Promise<void> {
  let cursor: string | null = null;
  for (let failures = 0; !stop.aborted; failures += 1) {
    try {
      for await (const { id, type, data } of listen(cursor, stop)) {
        failures = 0;
        listener.onConnection('live');
        if (cursor === null || type === 'reset') listener.onBegin();
        if (id !== null) cursor = id;
        if (type === 'background_check.status_changed') listener.onCheck(JSON.parse(data) as Schemas['CheckResponse']);
      }
    } catch {
      // For any failure: wait and reconnect.
    }
    if (stop.aborted) return;
    listener.onConnection(failures === 0 ? 'connecting' : 'lost');
    await pause(Math.min(500 * 2 ** failures, longestWaitMs) * (0.5 + Math.random() / 2), stop);
  }
}

async function* listen(cursor: string | null, stop: AbortSignal): AsyncGenerator<ServerEvent> {
  const broken = new AbortController();
  const signal = AbortSignal.any([stop, broken.signal]);
  const response = await fetch('/ats/v0/updates', {
    headers: cursor === null ? {} : { 'last-event-id': cursor },
    signal,
  });
  if (response.status === 401) sessionEnded();
  if (!response.ok || !response.body) throw new Error(`updates answered ${response.status}`);
  let watchdog = setTimeout(() => broken.abort(), silenceMs);
  try {
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

/** Waits, at most until the device is online again. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      stop.removeEventListener('abort', done);
      resolve();
    }
    window.addEventListener('online', done);
    stop.addEventListener('abort', done);
  });
}
