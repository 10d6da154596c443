import { queryOptions } from '@tanstack/react-query';
import { api, page, type Schemas } from '../api/client';

export type Candidate = Schemas['CandidateResponse'];
export type Application = Schemas['ApplicationResponse'];

export const fullName = ({ first_name, last_name }: Pick<Candidate, 'first_name' | 'last_name'>): string =>
  `${first_name} ${last_name}`.trim();

/** Where Certn writes to: the primary address, else the first one. */
export const mainAddress = ({ email_addresses }: Candidate): string | null =>
  (email_addresses.find(({ is_primary }) => is_primary) ?? email_addresses[0])?.value ?? null;

/** A person's applications for the jobs that one sees, newest first. */
export const applicationsQuery = (candidateId: string) =>
  queryOptions({
    queryKey: ['applications', 'of_candidate', candidateId],
    queryFn: ({ signal }) => {
      const query = { candidate_id: [candidateId], per_page: 500 };
      return page(api.GET('/ats/v0/applications', { params: { query }, signal }));
    },
  });
