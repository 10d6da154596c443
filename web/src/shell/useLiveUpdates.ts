import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Connection, followUpdates } from '../api/live';
import { showCheck } from '../api/live-queries';

/** Lets the screens live while somebody is signed in; answers how the line is. */
export function useLiveUpdates(): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => {
    const stop = new AbortController();
    void followUpdates({ onCheck: (check) => showCheck(client, check), onConnection: setConnection }, stop.signal);
    return () => stop.abort();
  }, [client]);
  return connection;
}
