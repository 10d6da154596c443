import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { tagged } from '../api/tags';
import { Failed, Loading } from './states';
import { showError } from './useAct';

/** Reads the thing of an open form again. What was typed stays. Null: no form is open. */
const Reload = createContext<(() => Promise<void>) | null>(null);

export const useReload = (): (() => Promise<void>) | null => useContext(Reload);

interface OpenedProps<T> {
  /** The read of the thing; called when the form opens, and when the user asks for the latest version. */
  read: () => Promise<{ data?: T; response: Response }>;
  /** Announced to screen readers while loading. */
  what: string;
  children: (thing: T) => ReactNode;
}

/**
 * A form that changes one thing, shown once the thing was read. The form keeps that version while the screen behind it is read again, so
 * that `unlessChanged` refuses to overwrite what the user has not seen.
 */
export function Opened<T extends object>({ read, what, children }: OpenedProps<T>): ReactNode {
  const [thing, setThing] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const load = async (): Promise<void> => {
    try {
      setThing(await tagged(read()));
      setError(null);
    } catch (failure) {
      setError(failure);
      if (thing !== null) showError(failure, 'Loading failed');
    }
  };
  useEffect(() => void load(), []);
  if (thing === null)
    return error === null ? <Loading what={what} /> : <Failed error={error} onRetry={() => void load()} />;
  return <Reload value={load}>{children(thing)}</Reload>;
}
