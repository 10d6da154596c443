import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Schemas } from '../api/client';
import { type Connection, followChecks } from '../api/live';
import { refetchChecks, showCheck } from '../api/live-queries';

/** Applies live updates to the screens while a user is signed in; returns the state of the connection. */
export function useLiveUpdates(): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => {
    const stop = new AbortController();
    const listener = {
      onCheck: (check: Schemas['CheckResponse']) => showCheck(client, check),
      onConnection: setConnection,
      onBegin: () => refetchChecks(client),
    };
    void followChecks(listener, stop.signal);
    return () => stop.abort();
  }, [client]);
  return connection;
}
