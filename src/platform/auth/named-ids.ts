import { type Id, readId } from '#kernel/id';

export interface NamedId {
  subject: string;
  id: Id;
}

/** The ids in a body or query as it was sent, each once. `subjects`: what each field names. Malformed ids are left out. */
export function namedIds(sent: unknown, subjects: ReadonlyMap<string, string>): NamedId[] {
  const parts: unknown[] = Array.isArray(sent) ? sent : [sent];
  const named = parts
    .filter((part) => typeof part === 'object' && part !== null)
    .flatMap((part) => Object.entries(part))
    .flatMap(([field, value]) => idsIn(value).map((id) => ({ subject: subjects.get(field) ?? '', id })))
    .filter(({ subject }) => subject !== '');
  return [...new Map(named.map((one) => [`${one.subject} ${one.id}`, one])).values()];
}

const idsIn = (value: unknown): Id[] =>
  [value]
    .flat()
    .map(readId)
    .filter((id) => id !== null);
