import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type Sending, sentLately } from './SentLately';
import type { Check } from './words';

interface Asked {
  /** What was sent to the address lately, once it is known. */
  lately: Check | null;
  /** Whether to go on: false the first time that something was sent lately and the person had not been told. */
  mayGoOn: () => Promise<boolean>;
}

/** Asks before the same package goes to the same address again, however fast somebody clicks. */
export function useAskedOnce(sending: Sending): Asked {
  const client = useQueryClient();
  const lookup = sentLately(sending);
  const { data } = useQuery(lookup);
  const [told, setTold] = useState<string | null>(null);
  return {
    lately: data ?? null,
    mayGoOn: async () => {
      if (!lookup.enabled || data) return true;
      const key = JSON.stringify(sending);
      if (told === key) return true;
      setTold(key);
      return (await client.fetchQuery(lookup)) === null;
    },
  };
}
