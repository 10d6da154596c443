import type { Case } from '../case.ts';
import { statuses } from '../lifecycle.ts';
import { type ErrorEntry, invalidData } from './answers.ts';
import { isUuid } from './fields.ts';
import type { Call } from './gate.ts';

type Condition = (found: Case) => boolean;

/** All filters of docs/certn-api.md 2.3. Several values of one key match any of them; several keys must all match. */
export function caseFilter({ query, account }: Call): Condition {
  refuseNonsense(query);
  const exactEmail = account.settings.email_filter === 'exact' ? query.get('email_address') : null;
  const after = timeOf(query, 'order_timeframe_after');
  const before = timeOf(query, 'order_timeframe_before');
  const conditions = [
    exactEmail ? (found: Case) => found.email_address === exactEmail : undefined,
    anyOf(query, 'overall_status', (found) => [found.overall_status]),
    anyOf(query, 'group', (found) => [found.group]),
    anyOf(query, 'ordered_by', (found) => [found.ordered_by]),
    anyOf(query, 'check_type', (found) => found.checks.map((check) => check.type)),
    anyOf(query, 'tag', (found) => found.tags.flatMap((tag) => [tag.id, tag.name])),
    after === undefined ? undefined : (found: Case) => Date.parse(found.created) >= after,
    before === undefined ? undefined : (found: Case) => Date.parse(found.created) <= before,
  ].filter((condition) => condition !== undefined);
  return (found) => conditions.every((holds) => holds(found));
}

function anyOf(
  query: URLSearchParams,
  name: string,
  valuesOf: (found: Case) => (string | null)[],
): Condition | undefined {
  const wanted = query.getAll(name);
  if (wanted.length === 0) return undefined;
  return (found) => valuesOf(found).some((value) => value !== null && wanted.includes(value));
}

function refuseNonsense(query: URLSearchParams): void {
  const entries: ErrorEntry[] = [];
  for (const status of query.getAll('overall_status').filter((word) => !statuses.includes(word))) {
    const detail = `Select a valid choice. ${status} is not one of the available choices.`;
    entries.push({ code: 'invalid_choice', detail, attr: 'overall_status' });
  }
  for (const attr of ['group', 'ordered_by']) {
    if (query.getAll(attr).every(isUuid)) continue;
    entries.push({ code: 'invalid', detail: 'Enter a valid UUID.', attr });
  }
  for (const attr of ['order_timeframe_after', 'order_timeframe_before']) {
    if (!Number.isNaN(timeOf(query, attr))) continue;
    entries.push({ code: 'invalid', detail: 'Enter a valid date/time.', attr });
  }
  if (entries.length > 0) throw invalidData(entries);
}

function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null || text === '' ? undefined : Date.parse(text);
}
