import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type Sending, sentRecently } from './SentRecently';
import type { Check } from './words';

interface DuplicateWarning {
  /** The recent check to the same address, once it is known. */
  recent: Check | null;
  /** Whether to continue: false the first time that there is a recent check and the user was not warned. */
  confirmed: () => Promise<boolean>;
}

/** Asks for confirmation before the same package goes to the same address again, also after fast clicks. */
export function useDuplicateWarning(sending: Sending): DuplicateWarning {
  const client = useQueryClient();
  const lookup = sentRecently(sending);
  const { data } = useQuery(lookup);
  const [warned, setWarned] = useState<string | null>(null);
  return {
    recent: data ?? null,
    confirmed: async () => {
      if (!lookup.enabled || data) return true;
      const key = JSON.stringify(sending);
      if (warned === key) return true;
      setWarned(key);
      return (await client.fetchQuery(lookup)) === null;
    },
  };
}
