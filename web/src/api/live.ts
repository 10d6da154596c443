import { type ApiError, followUpdates } from '../../../packages/client/src/index.ts';
import { sessionEnded } from '../session/session';
import type { Schemas } from './client';

export type Connection = 'connecting' | 'live' | 'lost';

export interface Listener {
  onCheck(check: Schemas['CheckResponse']): void;
  onConnection(connection: Connection): void;
  /** Called when the stream starts without a cursor or after a reset: earlier changes were not reported, later ones are. */
  onBegin(): void;
}

/** Follows `GET /updates` until `stop`, or until the session ends. */
export async function followChecks(listener: Listener, stop: AbortSignal): Promise<void> {
  const open = (headers: Record<string, string>, signal: AbortSignal): Promise<Response> =>
    fetch('/ats/v0/updates', { headers, signal });
  listener.onConnection('connecting');
  try {
    for await (const update of followUpdates(open, {
      signal: stop,
      onConnection: (state) => listener.onConnection(state),
    })) {
      if (update.type === 'reset') listener.onBegin();
      else listener.onCheck(update.check);
    }
  } catch (error) {
    listener.onConnection('lost');
    if ((error as ApiError).status === 401) sessionEnded();
  }
}
