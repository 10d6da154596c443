import { EntitySchema } from '@mikro-orm/core';
import type { ContextSchema } from '#platform/database/context-schema';
import { Application } from '../../domain/application.js';
import { Candidate } from '../../domain/candidate.js';
import { Job } from '../../domain/job.js';
import { Start } from './migrations/0001-start.js';
import { Anonymising } from './migrations/0002-anonymising.js';
import { ErasedApart } from './migrations/0003-erased-apart.js';
import { OneActiveApplication } from './migrations/0050-one-active-application.js';
import { FailuresEnd } from './migrations/0062-failures-end.js';
import { Changes } from './migrations/0074-changes.js';

const time = { type: 'datetime', columnType: 'timestamptz(3)' } as const;
const id = { type: 'uuid', primary: true } as const;
const text = { type: 'text' } as const;
const optionalText = { type: 'text', nullable: true } as const;
const version = { type: 'integer', version: true } as const;

const jobSchema = new EntitySchema<Job>({
  class: Job,
  schema: 'hiring',
  tableName: 'job',
  forceConstructor: true,
  properties: {
    teamId: id,
    id,
    name: text,
    requisitionId: optionalText,
    status: text,
    confidential: { type: 'boolean' },
    externalId: optionalText,
    searchText: text,
    createdAt: time,
    updatedAt: time,
    version,
  },
});

const candidateSchema = new EntitySchema<Candidate>({
  class: Candidate,
  schema: 'hiring',
  tableName: 'candidate',
  forceConstructor: true,
  properties: {
    teamId: id,
    id,
    firstName: text,
    lastName: text,
    emailAddresses: { type: 'json' },
    phoneNumbers: { type: 'json' },
    email: optionalText,
    externalId: optionalText,
    searchText: text,
    anonymisedAt: { ...time, nullable: true },
    legalHold: { type: 'boolean' },
    legalHoldEndedAt: { ...time, nullable: true },
    createdAt: time,
    updatedAt: time,
    version,
  },
});

const applicationSchema = new EntitySchema<Application>({
  class: Application,
  schema: 'hiring',
  tableName: 'application',
  forceConstructor: true,
  properties: {
    teamId: id,
    id,
    candidateId: { type: 'uuid' },
    jobId: { type: 'uuid' },
    status: text,
    externalId: optionalText,
    duplicate: { type: 'boolean' },
    closedAt: { ...time, nullable: true },
    createdAt: time,
    updatedAt: time,
    version,
  },
});

export const hiringSchema: ContextSchema = {
  name: 'hiring',
  entities: [jobSchema, candidateSchema, applicationSchema],
  migrations: [
    { name: '0001-start', class: Start },
    { name: '0002-anonymising', class: Anonymising },
    { name: '0003-erased-apart', class: ErasedApart },
    { name: '0050-one-active-application', class: OneActiveApplication },
    { name: '0062-failures-end', class: FailuresEnd },
    { name: '0074-changes', class: Changes },
  ],
  columns: {
    job: { nothing: 'name requisition_id status external_id search_text' },
    job_permission: { nothing: 'permissions' },
    candidate: {
      candidate: 'first_name last_name email_addresses phone_numbers email external_id search_text',
    },
    candidate_email: { candidate: 'canonical' },
    application: { nothing: 'status', candidate: 'external_id' },
    erased_external_id: { nothing: 'kind', fingerprint: 'fingerprint' },
    // The number of checks per package and outcome.
    erasure: { nothing: 'checks' },
  },
};
