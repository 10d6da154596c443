import { isDeepStrictEqual } from 'node:util';

/** Sets the fields that are stated and differ; tells whether there were any. */
export function applyChanges<T extends object>(target: T, changes: Partial<T>): boolean {
  const differing = (Object.keys(changes) as (keyof T)[]).filter(
    (field) => changes[field] !== undefined && !isDeepStrictEqual(target[field], changes[field]),
  );
  for (const field of differing) target[field] = changes[field] as T[typeof field];
  return differing.length > 0;
}
