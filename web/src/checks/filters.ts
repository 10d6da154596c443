import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { api, page, perPage } from '../api/client';
import { keys } from '../api/live-queries';
import { type Check, type CheckStatus, isStatus, needsAttention } from './words';

/** The filters of the list, as in its URL. */
export interface CheckFilters {
  status?: string[];
  job_id?: string;
  package_id?: string;
  created_after?: string;
  created_before?: string;
  page?: number;
}

/** The filters, without the page number. */
export type Wanted = Omit<CheckFilters, 'page'>;

/** Users can type any day into the URL. */
const startOf = (day: string | undefined, later = 0): string | undefined => {
  const start = dayjs(day);
  return day !== undefined && start.isValid() ? start.startOf('day').add(later, 'day').toISOString() : undefined;
};

/** Days are in the user's time zone. The last day is included. */
function asQuery({ job_id, package_id, created_after, created_before }: Wanted, status: CheckStatus[]) {
  return {
    status: status.length > 0 ? status : undefined,
    job_id: job_id === undefined ? undefined : [job_id],
    package_id: package_id === undefined ? undefined : [package_id],
    created_after: startOf(created_after),
    created_before: startOf(created_before, 1),
  };
}

export const checksQuery = (wanted: Wanted, at: number) =>
  queryOptions({
    queryKey: [...keys.checks, 'list', wanted, at],
    queryFn: ({ signal }) => {
      const query = { ...asQuery(wanted, (wanted.status ?? []).filter(isStatus)), page: at, per_page: perPage };
      return page(api.GET('/ats/v0/background_checks', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** Checks that wait for the team, most urgent first. Checks that were resent since are left out. */
export const waitingQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: [...keys.checks, 'waiting', wanted],
    queryFn: ({ signal }) => {
      const query = { ...asQuery(wanted, needsAttention), per_page: 200 };
      return page(api.GET('/ats/v0/background_checks', { params: { query }, signal }));
    },
    select: ({ items, total, capped }) => ({
      checks: items.filter(({ replaced_by_id }) => replaced_by_id === null).toSorted(byUrgency),
      more: capped || total > items.length,
    }),
    placeholderData: keepPreviousData,
  });

const byUrgency = (one: Check, other: Check): number =>
  needsAttention.indexOf(one.status) - needsAttention.indexOf(other.status);

/** Candidates and jobs of these checks, in one request for the whole list: a check itself has only ids. */
export function applicationsOf(checks: Check[]) {
  const candidates = [...new Set(checks.map(({ candidate_id }) => candidate_id))].toSorted();
  return queryOptions({
    queryKey: ['applications', 'of_candidates', candidates],
    enabled: candidates.length > 0,
    queryFn: ({ signal }) => {
      const query = { candidate_id: candidates, per_page: 500 };
      return page(api.GET('/ats/v0/applications', { params: { query }, signal }));
    },
    select: ({ items }) => new Map(items.map((application) => [application.id, application])),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
