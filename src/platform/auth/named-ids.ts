import { type Id, readId } from '#kernel/id';

/** Which subject each id field of bodies and filters names. */
export const subjectOfField: Readonly<Record<string, string>> = {
  job_id: 'job',
  candidate_id: 'candidate',
  linked_candidate_ids: 'candidate',
  application_id: 'application',
  stage_id: 'stage',
  job_stage_item_id: 'item',
  background_check_id: 'check',
  user_id: 'user',
  assignee_id: 'user',
  actor_id: 'user',
};

export interface NamedId {
  subject: string;
  id: Id;
}

/** The ids in a body or query as it was sent, each once. Malformed ids are left out. */
export function namedIds(sent: unknown): NamedId[] {
  const parts: unknown[] = Array.isArray(sent) ? sent : [sent];
  const named = parts
    .filter((part) => typeof part === 'object' && part !== null)
    .flatMap((part) => Object.entries(part))
    .flatMap(([field, value]) => idsIn(value).map((id) => ({ subject: subjectOfField[field] ?? '', id })))
    .filter(({ subject }) => subject !== '');
  return [...new Map(named.map((one) => [`${one.subject} ${one.id}`, one])).values()];
}

const idsIn = (value: unknown): Id[] =>
  [value]
    .flat()
    .map(readId)
    .filter((id) => id !== null);
