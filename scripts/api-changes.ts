import { apiCompare } from 'api-smart-diff';

/** A change of the API that may break a client. `path`: where in the document, with references followed. */
export interface ApiChange {
  action: string;
  path: string;
  before: unknown;
  after: unknown;
}

interface Rule {
  at: RegExp;
  action: string;
  breaks: (before: unknown, after: unknown) => boolean;
}

/** What the library judges otherwise than this API does. The first rule that fits decides. */
const rules: Rule[] = [
  // Generated clients name their functions by it.
  { at: / operationId$/, action: 'replace', breaks: () => true },
  // Answers may get further values, as the description says, and clients do not depend on one that no longer comes.
  { at: / responses .* enum \d+$/, action: 'add', breaks: () => false },
  { at: / responses .* enum \d+$/, action: 'remove', breaks: () => false },
  { at: / responses .* type$/, action: 'replace', breaks: (before, after) => !includes(before, after) },
  { at: / (requestBody|parameters) .* type$/, action: 'replace', breaks: (before, after) => !includes(after, before) },
  // Unknown fields are refused, so a client that still sends it is.
  { at: / requestBody .* properties \w+$/, action: 'remove', breaks: () => true },
];

/** Whether a value of each of `those` types is one of `these`, too. */
function includes(these: unknown, those: unknown): boolean {
  const wide = new Set([these].flat());
  if (wide.has('number')) wide.add('integer');
  return [those].flat().every((type) => wide.has(type));
}

/** The changes from one document to another that may break a client of the first one. */
export function breakingChanges(before: object, after: object): ApiChange[] {
  return apiCompare(before, after)
    .diffs.map(({ type, path, ...rest }) => ({ type, path: path.map(String).join(' '), ...rest }))
    .filter(({ path }) => path.startsWith('paths ') || path.startsWith('security '))
    .filter(({ type, path, action, before, after }) => {
      const rule = rules.find((one) => one.at.test(path) && one.action === action);
      return rule ? rule.breaks(before, after) : type === 'breaking';
    })
    .map(({ path, action, before, after }) => ({ action, path, before: before as unknown, after: after as unknown }));
}

export interface Accepted {
  /** A regular expression for `action path`. */
  change: string;
  reason: string;
}

/** The changes that nobody accepted, and what was accepted and does not happen. */
export function judged(changes: ApiChange[], accepted: Accepted[]): { refused: ApiChange[]; unused: Accepted[] } {
  const fits = ({ change }: Accepted, { action, path }: ApiChange): boolean =>
    new RegExp(change).test(`${action} ${path}`);
  return {
    refused: changes.filter((change) => !accepted.some((one) => fits(one, change))),
    unused: accepted.filter((one) => !changes.some((change) => fits(one, change))),
  };
}
