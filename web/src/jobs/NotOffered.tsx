import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { activities } from '../activities';
import { Failed } from '../shell/states';
import { activityTypesQuery } from './plan';

/** Explains which activities cannot be added to a plan now. */
export function NotOffered(): ReactNode {
  const types = useQuery(activityTypesQuery);
  if (types.isError && !types.data) return <Failed error={types.error} onRetry={() => void types.refetch()} />;
  if (!types.data) return null;
  const offered = new Set<string>(types.data.map(({ type }) => type));
  return Object.entries(activities).map(
    ([type, { NotOffered: Why }]) => Why && !offered.has(type) && <Why key={type} />,
  );
}
