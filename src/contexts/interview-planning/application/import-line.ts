import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, Ids, UnitOfWork } from '#kernel/ports';
import { type ImportedRecord, ImportedRecords } from '../domain/applications.js';
import { type ImportLine as Line, readImportLine } from '../domain/import-line.js';
import { InterviewPlans } from '../domain/interview-plans.js';
import { Placements } from '../domain/placements.js';
import { followStageList } from '../domain/stage-list.js';
import { PlaceApplication } from './place-application.js';

/** One line of an import: a job with its stages, a candidate, or an application in its stage. It is imported completely or not at all. */
export class ImportLine {
  constructor(
    readonly caller: Caller,
    readonly line: unknown,
  ) {}
}

@CommandHandler(ImportLine)
export class ImportLineHandler implements ICommandHandler<ImportLine> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly records: ImportedRecords,
    private readonly plans: InterviewPlans,
    private readonly placements: Placements,
    private readonly placeApplication: PlaceApplication,
    private readonly audit: Audit,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, line }: ImportLine): Promise<ImportedRecord> {
    caller.require('import_records');
    const read = readImportLine(line);
    return this.unitOfWork.run(() => this.take(caller, read));
  }

  private take(caller: Caller, line: Line): Promise<ImportedRecord> {
    switch (line.type) {
      case 'job':
        return this.job(caller, line);
      case 'candidate':
        return this.records.candidate(caller, line.externalId, line.fields);
      case 'application':
        return this.application(caller, line);
    }
  }

  private async job(caller: Caller, line: Line & { type: 'job' }): Promise<ImportedRecord> {
    const { id, status } = await this.records.job(caller, line.externalId, line.fields);
    const changed = line.stages?.length ? await this.followStages(caller, id, line.stages) : false;
    return { id, status: changed && status === 'unchanged' ? 'updated' : status };
  }

  private async followStages(caller: Caller, jobId: Id, names: string[]): Promise<boolean> {
    const plan = await this.plans.ofJob(caller.teamId, jobId);
    const before = outline(plan.stages);
    const added = new Set(followStageList(plan, names, () => this.ids.next(), this.clock.now()));
    if (outline(plan.stages) === before) return false;
    await this.plans.save(plan);
    for (const stage of plan.stages.filter(({ id }) => added.has(id))) {
      const to = { job_id: jobId, name: stage.name, priority: stage.priority };
      await this.audit.record(caller, { action: 'stage.create', entity: 'stage', entityId: stage.id, to });
    }
    return true;
  }

  private async application(caller: Caller, line: Line & { type: 'application' }): Promise<ImportedRecord> {
    const { id, status, jobId } = await this.records.application(caller, line.externalId, line.fields);
    const moved =
      line.stage === null
        ? await this.ensurePlaced(caller, id, jobId)
        : await this.place(caller, id, jobId, line.stage);
    return { id, status: moved && status === 'unchanged' ? 'updated' : status };
  }

  private async place(caller: Caller, applicationId: Id, jobId: Id, name: string): Promise<boolean> {
    const stage = await this.placements.lockStageNamed(caller.teamId, jobId, name);
    if (!stage) throw unknownReference('stage');
    return this.placeApplication.into(caller, applicationId, jobId, stage);
  }

  private async ensurePlaced(caller: Caller, applicationId: Id, jobId: Id): Promise<boolean> {
    const { teamId } = caller;
    if (await this.placements.lockCurrentStage(teamId, applicationId)) return false;
    const first = await this.placements.lockFirstStage(teamId, jobId);
    return this.placeApplication.into(caller, applicationId, jobId, first);
  }
}

const outline = (stages: { id: string }[]): string => stages.map(({ id }) => id).join();
