import { Injectable } from '@nestjs/common';
import { type Actor, Audit, Clock, Outbox } from '#kernel/ports';
import { CandidateAnonymised } from '../contract.js';
import type { Candidate } from '../domain/candidate.js';
import { Erasures } from '../domain/erasures.js';
import { Applications, Candidates } from '../domain/ports.js';

/** Anonymises a candidate that is held, inside a unit of work: the row, the proof, the audit entry, the event for all others. */
@Injectable()
export class ForgetPerson {
  constructor(
    private readonly candidates: Candidates,
    private readonly applications: Applications,
    private readonly erasures: Erasures,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Nothing happens when it was done before. Throws `legal_hold`. */
  async of(candidate: Candidate, actor: Actor): Promise<void> {
    const now = this.clock.now();
    const { teamId, id } = candidate;
    if (!candidate.anonymise(now)) return;
    await this.candidates.save(candidate);
    for (const application of await this.applications.ofCandidate(teamId, id)) {
      application.forgetSource(now);
      await this.applications.save(application);
    }
    await this.erasures.add({ teamId, candidateId: id, at: now, by: actor.user?.id ?? null });
    await this.audit.record(actor, { action: 'candidate.anonymise', entity: 'candidate', entityId: id });
    await this.outbox.publish([new CandidateAnonymised(teamId, id)]);
  }
}
