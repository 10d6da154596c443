import { notifications } from '@mantine/notifications';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type ApiError, asApiError } from '../api/errors';
import { isStale, staleWords } from '../api/tags';
import { exactTime } from './When';

interface ActOptions<Out> {
  /** The message on success. */
  done?: string;
  /** Queries to read again afterwards, also after an error, which often means that something changed. */
  refresh?: readonly QueryKey[];
  onDone?: (out: Out) => void;
  /** The form shows `error` itself; otherwise the error appears as a notification. */
  errorShown?: boolean;
}

export interface Act<In> {
  run: (input: In) => void;
  running: boolean;
  error: ApiError | null;
  /** Aborts the running action, if `act` uses its signal, and clears the error. */
  reset: () => void;
}

/**
 * A user's action. Offline it fails at once and is not queued. It cannot be started again while it runs. `act` gets a
 * signal that is aborted with the view that started it; a result of null means that nothing was done yet, because the user
 * must confirm first.
 */
export function useAct<Out, In = void>(
  act: (input: In, signal: AbortSignal) => Promise<Out | null>,
  options: ActOptions<Out> = {},
): Act<In> {
  const client = useQueryClient();
  // The state of a mutation is one render behind a double click.
  const busy = useRef(false);
  const ended = useRef(new AbortController());
  useEffect(() => () => ended.current.abort(), []);
  const mutation = useMutation({
    networkMode: 'always',
    mutationFn: (input: In) => {
      ended.current = new AbortController();
      return act(input, ended.current.signal);
    },
    onSuccess: (out) => {
      if (out === null) return;
      if (options.done !== undefined) notifications.show({ message: options.done });
      options.onDone?.(out);
    },
    onError: (error) => {
      if (options.errorShown !== true && !ended.current.signal.aborted) showError(error);
    },
    onSettled: () => {
      busy.current = false;
      for (const queryKey of options.refresh ?? []) void client.invalidateQueries({ queryKey });
    },
  });
  return {
    run(input) {
      if (busy.current) return;
      busy.current = true;
      mutation.mutate(input);
    },
    running: mutation.isPending,
    error: mutation.error === null ? null : asApiError(mutation.error),
    reset: () => {
      ended.current.abort();
      mutation.reset();
    },
  };
}

/** The service's message, shown long enough to read. */
export function showError(error: unknown, title = 'Action failed'): void {
  const shown = asApiError(error);
  notifications.show({
    color: 'danger',
    title,
    message: isStale(shown) ? staleWords(shown, exactTime) : shown.message,
    autoClose: 12_000,
  });
}
