import { isDeliverable } from '#kernel/email';
import type { ApplicationStatus } from '../contract.js';
import type { CandidateDetails } from '../domain/candidate.js';
import type { JobDetails } from '../domain/job.js';

/** What a line states. A field that it leaves out keeps its value or takes the default. */
export type StatedJob = Partial<JobDetails> & Pick<JobDetails, 'name'>;
export type StatedCandidate = Partial<CandidateDetails> & Pick<CandidateDetails, 'firstName' | 'lastName'>;

/** `candidate` and `job` are ids of the other system. */
export interface StatedApplication {
  candidate: string;
  job: string;
  status?: ApplicationStatus;
}

/** Reads lines that another system wrote. Throws 422 that names the invalid fields. */
export abstract class ImportedFields {
  abstract job(fields: Record<string, unknown>): Promise<StatedJob>;
  abstract candidate(fields: Record<string, unknown>): Promise<StatedCandidate>;
  abstract application(fields: Record<string, unknown>): Promise<StatedApplication>;
}

export const newJob = (stated: StatedJob): JobDetails => ({
  requisitionId: null,
  status: 'open',
  confidential: false,
  externalId: null,
  ...stated,
});

export const newCandidate = (stated: StatedCandidate): CandidateDetails => ({
  emailAddresses: [],
  phoneNumbers: [],
  externalId: null,
  ...stated,
});

/** The warnings of an import about a candidate's addresses, by field. */
export function addressWarnings({ emailAddresses = [] }: StatedCandidate): Record<string, string[]> {
  const unusable = 'No check can be sent to this address: it is not a valid email address.';
  const fields = emailAddresses.flatMap(({ value }, i) => (isDeliverable(value) ? [] : [`email_addresses.${i}.value`]));
  return Object.fromEntries(fields.map((field) => [field, [unusable]]));
}
