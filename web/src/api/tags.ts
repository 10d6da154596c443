import { ApiError } from './errors';

interface Answer<T> {
  data?: T;
  response: Response;
}

const tags = new WeakMap<object, string>();

/**
 * The body of a read of one thing, with its version remembered. A query of it needs `structuralSharing: false`: otherwise a later
 * answer could be copied into another object, whose version is unknown.
 */
export async function tagged<T extends object>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, response } = await asked;
  const tag = response.headers.get('etag');
  const thing = data as T;
  if (tag !== null) tags.set(thing, tag);
  return thing;
}

/** The header of a change that must not overwrite what others changed since this was read. */
export function unlessChanged(thing: object): { 'If-Match'?: string } {
  const tag = tags.get(thing);
  return tag === undefined ? {} : { 'If-Match': tag };
}

/** Whether the service refused a change because the thing had been changed since it was read. */
export const isStale = (error: unknown): boolean => error instanceof ApiError && error.status === 412;

/** Who changed it, and when, in one sentence. `inWords`: how the screen writes times. */
export function staleWords({ errors, message }: ApiError, inWords: (at: string) => string): string {
  const [by = 'Someone'] = errors.headers?.changed_by ?? [];
  const [at] = errors.headers?.changed_at ?? [];
  return at === undefined ? message : `${by} changed this on ${inWords(at)}.`;
}
