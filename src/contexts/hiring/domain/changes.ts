const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Sets the stated fields that differ. Returns whether there were any. */
export function applyChanges<T extends object>(target: T, changes: Partial<T>): boolean {
  const differing = (Object.keys(changes) as (keyof T)[]).filter(
    (field) => changes[field] !== undefined && !same(target[field], changes[field]),
  );
  for (const field of differing) target[field] = changes[field] as T[typeof field];
  return differing.length > 0;
}
