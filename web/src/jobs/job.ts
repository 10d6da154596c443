import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import type { Tone } from '../shell/StatusBadge';

export type Job = Schemas['JobResponse'];
export type ApplicationStatus = Schemas['ApplicationResponse']['status'];

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: ({ signal }) => answer(api.GET('/ats/v0/jobs/{id}', { params: { path: { id } }, signal })),
  });

/** The open job. `JobPage` has loaded it before it shows a tab. */
export const useJob = (id: string): Job => useSuspenseQuery(jobQuery(id)).data;

export const statusWords: Record<Job['status'], { word: string; tone: Tone }> = {
  open: { word: 'Open', tone: 'good' },
  draft: { word: 'Draft', tone: 'waiting' },
  closed: { word: 'Closed', tone: 'neutral' },
};

export const applicationWords: Record<ApplicationStatus, string> = {
  active: 'Active',
  hired: 'Hired',
  rejected: 'Rejected',
};

/** As options of a select. */
export const jobStatuses = Object.entries(statusWords).map(([value, { word }]) => ({ value, label: word }));
export const applicationStatuses = Object.entries(applicationWords).map(([value, label]) => ({ value, label }));

/** Whether a value from a URL or a select is one of the keys. */
const isKeyOf = <T extends object>(words: T, raw: unknown): raw is keyof T =>
  typeof raw === 'string' && Object.hasOwn(words, raw);

export const jobStatusIn = (raw: unknown): Job['status'] | undefined => (isKeyOf(statusWords, raw) ? raw : undefined);

export const applicationStatusIn = (raw: unknown): ApplicationStatus | undefined =>
  isKeyOf(applicationWords, raw) ? raw : undefined;
