import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type Actor, Audit } from '#kernel/ports';
import type { Application } from '../domain/application.js';
import type { Candidate, CandidateDetails } from '../domain/candidate.js';
import type { Job, JobDetails } from '../domain/job.js';
import type { ApplicationStatus } from '../contract.js';

const candidateFields: Record<keyof CandidateDetails, string> = {
  firstName: 'first_name',
  lastName: 'last_name',
  emailAddresses: 'email_addresses',
  phoneNumbers: 'phone_numbers',
  externalId: 'external_id',
};
const jobFields: Record<keyof JobDetails, string> = {
  name: 'name',
  requisitionId: 'requisition_id',
  status: 'status',
  confidential: 'confidential',
  externalId: 'external_id',
};

type CandidateBefore = CandidateDetails & Pick<Candidate, 'email'>;

/**
 * Writes changes of jobs, candidates and applications to the audit log, whether by hand or by import. For candidates it names
 * the changed fields and whether the invitation address changed, never a name or an address. Call it inside the unit of work.
 */
@Injectable()
export class RecordAudit {
  constructor(private readonly audit: Audit) {}

  async jobCreated(actor: Actor, { id, status, confidential }: Job): Promise<void> {
    const entry = { action: 'job.create', entity: 'job', entityId: id };
    await this.audit.record(actor, { ...entry, to: { status, confidential } });
  }

  async jobChanged(actor: Actor, before: JobDetails, job: Job): Promise<void> {
    const fields = differing(jobFields, before, job);
    const stated = ({ status, confidential }: JobDetails): Record<string, unknown> => ({
      ...(before.status === job.status ? {} : { status }),
      ...(before.confidential === job.confidential ? {} : { confidential }),
    });
    const entry = { action: 'job.update', entity: 'job', entityId: job.id };
    await this.audit.record(actor, { ...entry, from: stated(before), to: { fields, ...stated(job) } });
  }

  async candidateCreated(actor: Actor, { id, email }: Candidate): Promise<void> {
    const entry = { action: 'candidate.create', entity: 'candidate', entityId: id };
    await this.audit.record(actor, { ...entry, to: { has_invitation_address: email !== null } });
  }

  async candidateChanged(actor: Actor, before: CandidateBefore, candidate: Candidate): Promise<void> {
    const fields = differing(candidateFields, before, candidate);
    const to = { fields, invitation_address_changed: before.email !== candidate.email };
    await this.audit.record(actor, { action: 'candidate.update', entity: 'candidate', entityId: candidate.id, to });
  }

  async applicationCreated(actor: Actor, { id, candidateId, jobId, status }: Application): Promise<void> {
    const to = { candidate_id: candidateId, job_id: jobId, status };
    await this.audit.record(actor, { action: 'application.create', entity: 'application', entityId: id, to });
  }

  async applicationIdentified(actor: Actor, { id }: Application): Promise<void> {
    const entry = { action: 'application.update', entity: 'application', entityId: id };
    await this.audit.record(actor, { ...entry, to: { fields: ['external_id'] } });
  }

  async statusChanged(actor: Actor, before: ApplicationStatus, { id, status }: Application): Promise<void> {
    const entry = { action: 'application.update', entity: 'application', entityId: id };
    await this.audit.record(actor, { ...entry, from: { status: before }, to: { status } });
  }
}

function differing<K extends string>(names: Record<K, string>, before: Record<K, unknown>, after: Record<K, unknown>) {
  const fields = Object.keys(names) as K[];
  return fields.filter((field) => !isDeepStrictEqual(before[field], after[field])).map((field) => names[field]);
}
