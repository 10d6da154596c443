import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, Ids, UnitOfWork } from '#kernel/ports';
import { ImportCandidate, type Imported } from '../contract.js';
import { Candidate } from '../domain/candidate.js';
import { Candidates } from '../domain/ports.js';
import { candidateDetails, CandidateFields, checked, newCandidate } from './record-fields.js';

@CommandHandler(ImportCandidate)
export class ImportCandidateHandler implements ICommandHandler<ImportCandidate, Imported> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly candidates: Candidates,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async execute({ teamId, externalId, fields }: ImportCandidate): Promise<Imported> {
    const line = await checked(fields, CandidateFields);
    return this.unitOfWork.run(async () => {
      const candidate = await this.candidates.withExternalId(teamId, externalId);
      if (!candidate) return this.create(teamId, externalId, line);
      const changed = candidate.change(candidateDetails(line), this.clock.now());
      if (changed) await this.candidates.save(candidate);
      return { id: candidate.id, status: changed ? 'updated' : 'unchanged' };
    });
  }

  private async create(teamId: string, externalId: string, line: CandidateFields): Promise<Imported> {
    const { firstName, lastName, emailAddresses, phoneNumbers } = newCandidate(line);
    const id = this.ids.next();
    const now = this.clock.now();
    await this.candidates.save(
      new Candidate(teamId, id, firstName, lastName, emailAddresses, phoneNumbers, externalId, now),
    );
    return { id, status: 'created' };
  }
}
