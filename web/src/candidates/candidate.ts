import { queryOptions } from '@tanstack/react-query';
import { api, page, type Schemas } from '../api/client';

export type Candidate = Schemas['CandidateResponse'];
export type Application = Schemas['ApplicationResponse'];

export const fullName = ({ first_name, last_name }: Pick<Candidate, 'first_name' | 'last_name'>): string =>
  `${first_name} ${last_name}`.trim();

/** The address of invitations: the primary one, else the first. */
export const mainAddress = ({ email_addresses }: Candidate): string | null =>
  (email_addresses.find(({ is_primary }) => is_primary) ?? email_addresses[0])?.value ?? null;

/** A candidate's applications for jobs that the user may see, newest first. */
export const applicationsQuery = (candidateId: string) =>
  queryOptions({
    queryKey: ['applications', 'of_candidate', candidateId],
    queryFn: ({ signal }) => {
      const query = { candidate_id: [candidateId], per_page: 500 };
      return page(api.GET('/ats/v0/applications', { params: { query }, signal }));
    },
  });
