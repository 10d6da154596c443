import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  type ApplicationFacts,
  ChangeApplicationStatus,
  CreateApplication,
  FindApplication,
  IdentifyApplication,
  ImportApplication,
  ImportCandidate,
  type Imported,
  ImportJob,
  JobExists,
} from '#contexts/hiring';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Actor } from '#kernel/ports';
import {
  type Application,
  Applications,
  type ImportedRecord,
  ImportedRecords,
  Jobs,
  type Status,
} from '../../domain/applications.js';

@Injectable()
export class HiringApplications extends Applications {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {
    super();
  }

  find(teamId: string, applicationId: Id): Promise<Application | null> {
    return this.queries.execute<FindApplication, ApplicationFacts | null>(new FindApplication(teamId, applicationId));
  }

  async open(caller: Caller, applicationId: Id, candidateId: Id, jobId: Id, externalId: string | null): Promise<void> {
    await this.commands.execute<CreateApplication, unknown>(
      new CreateApplication(caller, applicationId, candidateId, jobId, 'active', externalId),
    );
  }

  async identify(caller: Caller, applicationId: Id, externalId: string | null): Promise<void> {
    await this.commands.execute<IdentifyApplication, unknown>(
      new IdentifyApplication(caller, applicationId, externalId),
    );
  }

  async changeStatus(actor: Actor, applicationId: Id, status: Status): Promise<void> {
    await this.commands.execute<ChangeApplicationStatus, unknown>(
      new ChangeApplicationStatus(actor, applicationId, status),
    );
  }
}

@Injectable()
export class HiringJobs extends Jobs {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  exists(teamId: string, jobId: Id): Promise<boolean> {
    return this.queries.execute<JobExists, boolean>(new JobExists(teamId, jobId));
  }
}

@Injectable()
export class HiringRecords extends ImportedRecords {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  job(actor: Actor, externalId: string, fields: Record<string, unknown>): Promise<ImportedRecord> {
    return this.commands.execute<ImportJob, Imported>(new ImportJob(actor, externalId, fields));
  }

  candidate(actor: Actor, externalId: string, fields: Record<string, unknown>): Promise<ImportedRecord> {
    return this.commands.execute<ImportCandidate, Imported>(new ImportCandidate(actor, externalId, fields));
  }

  async application(
    actor: Actor,
    externalId: string,
    fields: Record<string, unknown>,
  ): Promise<ImportedRecord & { jobId: Id }> {
    const command = new ImportApplication(actor, externalId, fields);
    const { jobId, ...imported } = await this.commands.execute<ImportApplication, Imported>(command);
    if (jobId === undefined) throw new Error('An imported application came back without its job.');
    return { ...imported, jobId };
  }
}
