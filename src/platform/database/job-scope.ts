import { type RawBuilder, sql } from 'kysely';
import type { JobScope } from '#kernel/caller';

/** The condition that a caller can see the job. */
export function withinScope(column: string, scope: JobScope): RawBuilder<boolean> {
  const ids = [...scope.jobIds];
  return scope.kind === 'only'
    ? sql<boolean>`${sql.ref(column)} = any(${ids}::uuid[])`
    : sql<boolean>`not (${sql.ref(column)} = any(${ids}::uuid[]))`;
}
