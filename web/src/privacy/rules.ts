import { answer, api } from '../api/client';
import { unlessChanged } from '../api/tags';
import { allOf, anyOf, keepsItsCopy } from '../integrations/vendor-words';
import { dueKey, type Months, resultDueKey, resultRuleQuery, ruleQuery, type SavedRule } from './retention';

/** One of the two rules: its texts, the consequences of a change, and its queries. */
export interface Rule {
  title: string;
  query: typeof ruleQuery;
  /** The queries that a change makes stale. */
  refresh: readonly (readonly string[])[];
  /** `present`: the rule that the user saw. */
  save: (months: Months, present: SavedRule) => Promise<SavedRule>;
  /** The current rule in words. */
  presently: (months: Months) => string;
  /** What it never erases. */
  never: string;
  form: { label: string; indefinitely: string; forMonths: string; months: string };
  question: { stricter: (months: string) => string; looser: (months: string) => string; indefinitely: string };
  consequences: {
    /** `vendors`: their names. */
    stricter: (months: string, vendors: readonly string[]) => string[];
    looser: (months: string | null) => string[];
  };
}

export const inMonths = (months: number): string => (months === 1 ? '1 month' : `${months} months`);

/** Whether data is erased sooner than by the present rule. */
export const isStricter = (present: Months, chosen: Months): boolean =>
  chosen !== null && chosen < (present ?? Infinity);

export const candidateRule: Rule = {
  title: 'Candidates',
  query: ruleQuery,
  refresh: [ruleQuery.queryKey, dueKey],
  save: (months, present) =>
    answer(api.PUT('/ats/v0/retention_rule', { params: { header: unlessChanged(present) }, body: { months } })),
  presently: (months) =>
    months === null
      ? 'Candidate data is kept indefinitely.'
      : `Candidates are anonymised ${inMonths(months)} after their last application was closed.`,
  never: 'The rule never anonymises candidates who were hired, have an active application, or are on legal hold.',
  form: {
    label: 'How long candidate data is kept',
    indefinitely: 'Keep candidate data indefinitely',
    forMonths: 'Anonymise candidates after a number of months',
    months:
      'From 1 to 120, after the last application was closed. Candidates who never applied: after they were added.',
  },
  question: {
    stricter: (months) => `Anonymise candidates after ${months}?`,
    looser: (months) => `Keep candidates for ${months}?`,
    indefinitely: 'Keep candidate data indefinitely?',
  },
  consequences: {
    stricter: (months, vendors) => [
      `Candidates who were rejected on every job are anonymised ${months} after their last application was closed; candidates who never applied, ${months} after they were added.`,
      `Their checks in progress are cancelled at ${allOf(vendors)}. Names, addresses, phone numbers and links to ${allOf(vendors)} are removed everywhere, and how their checks ended is kept as a count only.`,
      'This cannot be undone.',
      'In the first week the rule anonymises no candidates. Check "Due soon", and put anyone you must keep on legal hold.',
    ],
    looser: (months) => [
      months === null
        ? "The rule no longer anonymises anyone. An admin still can, on the candidate's page."
        : `Candidates who would have been anonymised sooner are kept until ${months} after their last application was closed.`,
      'Candidates who were anonymised stay anonymised.',
    ],
  },
};

export const resultRule: Rule = {
  title: 'Background check results',
  query: resultRuleQuery,
  refresh: [resultRuleQuery.queryKey, resultDueKey],
  save: (months, present) =>
    answer(api.PUT('/ats/v0/result_retention_rule', { params: { header: unlessChanged(present) }, body: { months } })),
  presently: (months) =>
    months === null
      ? 'Results are kept as long as the candidate.'
      : `Results are removed ${inMonths(months)} after the check ended, also for people who were hired.`,
  never: 'The rule never removes results of candidates on legal hold. The candidate and the check itself stay.',
  form: {
    label: 'How long results are kept',
    indefinitely: 'Keep results as long as the candidate',
    forMonths: 'Remove results after a number of months',
    months: 'From 1 to 120, after the check ended.',
  },
  question: {
    stricter: (months) => `Remove results after ${months}?`,
    looser: (months) => `Keep results for ${months}?`,
    indefinitely: 'Keep results as long as the candidate?',
  },
  consequences: {
    stricter: (months, vendors) => [
      `${months} after a check ended, its result, score, report link and ${anyOf(vendors)} case are removed here, also for people who were hired.`,
      `Candidates, applications and the checks themselves stay. ${keepsItsCopy(vendors)}`,
      'This cannot be undone.',
      'In the first week the rule removes no results. Check "Due soon", and put candidates whose results you must keep on legal hold.',
    ],
    looser: (months) => [
      months === null
        ? 'The rule no longer removes results.'
        : `Results that would have been removed sooner are kept until ${months} after the check ended.`,
      'Results that were removed stay removed.',
    ],
  },
};
