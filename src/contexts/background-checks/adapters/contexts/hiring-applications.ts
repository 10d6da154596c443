import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type ApplicationFacts, FindApplication } from '#contexts/hiring';
import type { Id } from '#kernel/id';
import { type SendableApplication, Applications } from '../../domain/ports.js';

@Injectable()
export class HiringApplications extends Applications {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  async find(teamId: string, id: Id): Promise<SendableApplication | null> {
    const found = await this.queries.execute<FindApplication, ApplicationFacts | null>(new FindApplication(teamId, id));
    if (!found) return null;
    const { jobId, candidateId, status, candidateEmail: email, candidateAnonymised: anonymised } = found;
    return { id: found.id, jobId, candidateId, active: status === 'active', email, anonymised };
  }
}
