import { notifications } from '@mantine/notifications';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type ApiError, asApiError } from '../api/errors';

interface ActOptions<Out> {
  /** Said when it is done. */
  done?: string;
  /** What is read again afterwards, also after a refusal: it often means that something changed. */
  refresh?: readonly QueryKey[];
  onDone?: (out: Out) => void;
  /** The form shows `error` itself; otherwise the refusal appears as a notification. */
  errorShown?: boolean;
}

export interface Act<In> {
  run: (input: In) => void;
  running: boolean;
  error: ApiError | null;
  /** Ends what runs, as far as `act` heeds its signal, and forgets the refusal. */
  reset: () => void;
}

/**
 * Something a person does, now or not at all: offline it fails at once and is never kept for later. It cannot be started
 * again while it runs, and says what the service said. `act` gets a signal that ends with the view it was started from; when it
 * answers null, nothing was done yet, because the person is to decide first.
 */
export function useAct<Out, In = void>(
  act: (input: In, signal: AbortSignal) => Promise<Out | null>,
  options: ActOptions<Out> = {},
): Act<In> {
  const client = useQueryClient();
  // The state of a mutation is a render behind a double click.
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
      if (options.errorShown !== true && !ended.current.signal.aborted) showRefusal(error);
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

/** The service's sentence, until somebody has read it. */
export function showRefusal(error: unknown): void {
  notifications.show({
    color: 'danger',
    title: 'That did not work',
    message: asApiError(error).message,
    autoClose: 12_000,
  });
}
