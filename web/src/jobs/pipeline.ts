import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page, page, perPage, type Schemas } from '../api/client';
import { keys } from '../api/live-queries';
import type { ApplicationStatus } from './job';

export type Application = Schemas['ApplicationResponse'];
type Check = Schemas['CheckResponse'];

/** The filters of the pipeline. */
export interface Wanted {
  jobId: string;
  status: ApplicationStatus;
  stageId: string | undefined;
  at: number;
}

export const applicationsQuery = ({ jobId, status, stageId, at }: Wanted) =>
  queryOptions({
    queryKey: ['applications', jobId, status, stageId, at],
    queryFn: ({ signal }) => {
      const filters = { job_id: [jobId], status: [status], stage_id: stageId === undefined ? undefined : [stageId] };
      const query = { ...filters, page: at, per_page: perPage };
      return page(api.GET('/ats/v0/applications', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** The largest page that the API allows: ten checks for each application on the screen. */
const checksPerCall = 500;

/** The newest check of each of these applications, in one call. */
export const newestChecksQuery = (applications: Application[]) => {
  const ids = applications.map(({ id }) => id);
  return queryOptions({
    queryKey: [...keys.checks, { application_id: ids }],
    queryFn: ({ signal }) => {
      const query = { application_id: ids, per_page: checksPerCall };
      return page(api.GET('/ats/v0/background_checks', { params: { query }, signal }));
    },
    // Without ids the list would be unfiltered.
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    select: newestByApplication,
  });
};

/** The list is newest first, so the first check of each application counts. */
function newestByApplication({ items }: Page<Check>): Map<string, Check> {
  return new Map(items.toReversed().map((check) => [check.application_id, check]));
}
