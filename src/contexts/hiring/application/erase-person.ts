import { Injectable } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { type Actor, Audit, Clock, Outbox } from '#kernel/ports';
import { CandidateAnonymised } from '../contract.js';
import type { Candidate } from '../domain/candidate.js';
import { type ErasedId, type Erasure, Erasures } from '../domain/erasures.js';
import { Applications, Candidates, Colleagues } from '../domain/ports.js';

/**
 * Anonymises a candidate: the row, the proof of erasure, the audit entry and the event for other contexts. Call it inside a
 * unit of work that holds the lock on the candidate's row.
 */
@Injectable()
export class ErasePerson {
  constructor(
    private readonly candidates: Candidates,
    private readonly applications: Applications,
    private readonly erasures: Erasures,
    private readonly colleagues: Colleagues,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns false, and changes nothing, when the candidate was anonymised before. Throws `legal_hold`. `proof` states when and
   * by whom the candidate was first anonymised, for an erasure that is repeated after a restore.
   */
  async of(candidate: Candidate, actor: Actor, proof?: Pick<Erasure, 'at' | 'by'>): Promise<boolean> {
    const now = this.clock.now();
    const { teamId, id, externalId } = candidate;
    if (!candidate.anonymise(now)) return false;
    await this.candidates.save(candidate);
    await this.rememberId(teamId, 'candidate', id, externalId);
    for (const application of await this.applications.ofCandidate(teamId, id)) {
      await this.rememberId(teamId, 'application', application.id, application.externalId);
      application.eraseSource(now);
      await this.applications.save(application);
    }
    const outcomesWithheld = await this.colleagues.isOneOfThem(teamId, id);
    const by = actor.user?.id ?? null;
    await this.erasures.add({ teamId, candidateId: id, at: now, by, outcomesWithheld, ...proof });
    const repeated = proof ? { to: { repeated: true } } : {};
    await this.audit.record(actor, { action: 'candidate.anonymise', entity: 'candidate', entityId: id, ...repeated });
    await this.outbox.publish([new CandidateAnonymised(teamId, id)]);
    return true;
  }

  private async rememberId(
    teamId: string,
    kind: ErasedId['kind'],
    recordId: Id,
    externalId: string | null,
  ): Promise<void> {
    if (externalId !== null) await this.erasures.rememberId(teamId, { kind, externalId, recordId });
  }
}
