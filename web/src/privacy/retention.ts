import { queryOptions } from '@tanstack/react-query';
import { api, type Page, page, perPage, type Schemas } from '../api/client';
import { tagged } from '../api/tags';

/** After how many months something goes; null: never. */
export type Months = number | null;
export type SavedRule = Schemas['RetentionRuleResponse'];

/** Every page of the due candidates, and their number. */
export const dueKey = ['retention_due'] as const;
export const resultDueKey = ['result_retention_due'] as const;
export const erasuresKey = ['erasures'] as const;

const few = { page: 1, per_page: 20 };

export const ruleQuery = queryOptions({
  queryKey: ['retention_rule'],
  queryFn: ({ signal }) => tagged(api.GET('/ats/v0/retention_rule', { signal })),
  structuralSharing: false,
});

export const resultRuleQuery = queryOptions({
  queryKey: ['result_retention_rule'],
  queryFn: ({ signal }) => tagged(api.GET('/ats/v0/result_retention_rule', { signal })),
  structuralSharing: false,
});

/** How many are due within a week. The number changes by day and by actions here. */
export const dueCountQuery = queryOptions({
  queryKey: [...dueKey, 'count'],
  queryFn: ({ signal }) => {
    const query = { page: 1, per_page: 1 };
    return page(api.GET('/ats/v0/retention_rule/due', { params: { query }, signal }));
  },
  staleTime: 10 * 60_000,
});

/** The same for results. */
export const resultDueCountQuery = queryOptions({
  queryKey: [...resultDueKey, 'count'],
  queryFn: ({ signal }) => {
    const query = { page: 1, per_page: 1 };
    return page(api.GET('/ats/v0/result_retention_rule/due', { params: { query }, signal }));
  },
  staleTime: 10 * 60_000,
});

/** A candidate, or the result of a check, that a rule erases within a week. */
export interface DueRow {
  id: string;
  candidateId: string;
  name: string;
  check: string | null;
  dueOn: string;
}

export const dueQuery = (at: number) =>
  queryOptions({
    queryKey: [...dueKey, at],
    queryFn: ({ signal }) => {
      const query = { page: at, per_page: perPage };
      return page(api.GET('/ats/v0/retention_rule/due', { params: { query }, signal }));
    },
    select: ({ items, ...list }): Page<DueRow> => ({
      ...list,
      items: items.map(({ id, name, due_on }) => ({ id, candidateId: id, name, check: null, dueOn: due_on })),
    }),
  });

export const resultDueQuery = (at: number) =>
  queryOptions({
    queryKey: [...resultDueKey, at],
    queryFn: ({ signal }) => {
      const query = { page: at, per_page: perPage };
      return page(api.GET('/ats/v0/result_retention_rule/due', { params: { query }, signal }));
    },
    select: ({ items, ...list }): Page<DueRow> => ({
      ...list,
      items: items.map(({ id, candidate_id, candidate_name, package: check, due_on }) => ({
        ...{ id, candidateId: candidate_id, name: candidate_name, check, dueOn: due_on },
      })),
    }),
  });

/** The first entries that the rules could not erase yet. */
export const failedCandidatesQuery = queryOptions({
  queryKey: [...dueKey, 'failures'],
  queryFn: ({ signal }) => page(api.GET('/ats/v0/retention_rule/failures', { params: { query: few }, signal })),
});
export const failedResultsQuery = queryOptions({
  queryKey: [...resultDueKey, 'failures'],
  queryFn: ({ signal }) => page(api.GET('/ats/v0/result_retention_rule/failures', { params: { query: few }, signal })),
});

export const removedResultsQuery = (at: number) =>
  queryOptions({
    queryKey: ['removed_results', at],
    queryFn: ({ signal }) => {
      const query = { page: at, per_page: perPage };
      return page(api.GET('/ats/v0/removed_results', { params: { query }, signal }));
    },
  });

export const erasuresQuery = (at: number) =>
  queryOptions({
    queryKey: [...erasuresKey, at],
    queryFn: ({ signal }) => {
      const query = { page: at, per_page: perPage };
      return page(api.GET('/ats/v0/erasures', { params: { query }, signal }));
    },
  });
