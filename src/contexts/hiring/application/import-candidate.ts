import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Actor, Clock, Ids, UnitOfWork } from '#kernel/ports';
import { ImportCandidate, type Imported } from '../contract.js';
import { Candidate } from '../domain/candidate.js';
import { Candidates } from '../domain/ports.js';
import { RecordAudit } from './record-audit.js';
import { addressWarnings, ImportedFields, newCandidate, type StatedCandidate } from './imported-fields.js';

@CommandHandler(ImportCandidate)
export class ImportCandidateHandler implements ICommandHandler<ImportCandidate, Imported> {
  constructor(
    private readonly fields: ImportedFields,
    private readonly unitOfWork: UnitOfWork,
    private readonly candidates: Candidates,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute({ actor, externalId, fields }: ImportCandidate): Promise<Imported> {
    const line = await this.fields.candidate(fields);
    const imported = await this.unitOfWork.run(() => this.take(actor, externalId, line));
    return { ...imported, warnings: addressWarnings(line) };
  }

  private async take(actor: Actor, externalId: string, line: StatedCandidate): Promise<Imported> {
    const candidate = await this.candidates.withExternalId(actor.teamId, externalId);
    if (!candidate) return this.create(actor, externalId, line);
    const before = { ...candidate };
    if (!candidate.change(line, this.clock.now())) return { id: candidate.id, status: 'unchanged' };
    await this.candidates.save(candidate);
    await this.audit.candidateChanged(actor, before, candidate);
    return { id: candidate.id, status: 'updated' };
  }

  private async create(actor: Actor, externalId: string, line: StatedCandidate): Promise<Imported> {
    const { firstName, lastName, emailAddresses, phoneNumbers } = newCandidate(line);
    const id = this.ids.next();
    const now = this.clock.now();
    const names = [firstName, lastName] as const;
    const candidate = new Candidate(actor.teamId, id, ...names, emailAddresses, phoneNumbers, externalId, now);
    await this.candidates.save(candidate);
    await this.audit.candidateCreated(actor, candidate);
    return { id, status: 'created' };
  }
}
