import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Schemas } from '../api/client';
import { type Connection, followUpdates } from '../api/live';
import { readChecksAgain, showCheck } from '../api/live-queries';

/** Lets the screens live while somebody is signed in; answers how the line is. */
export function useLiveUpdates(): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => {
    const stop = new AbortController();
    const listener = {
      onCheck: (check: Schemas['CheckResponse']) => showCheck(client, check),
      onConnection: setConnection,
      onBegin: () => readChecksAgain(client),
    };
    void followUpdates(listener, stop.signal);
    return () => stop.abort();
  }, [client]);
  return connection;
}
