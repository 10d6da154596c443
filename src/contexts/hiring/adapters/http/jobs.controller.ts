import { Body, Controller, Get, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
  PartialType,
} from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, publicCapabilities, type PublicCapability } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import { NeverDeleted } from '#platform/http/deletion';
import { AnyOf, ListQuery, mostTexts } from '#platform/http/filters';
import { IdField, IdInPath } from '#platform/http/ids';
import { paged } from '#platform/http/paging';
import { Refuses } from '#platform/http/refuses';
import { SearchText } from '#platform/http/text';
import { MakesOne } from '#platform/idempotency/makes-one';
import { Versioned } from '#platform/http/version.interceptor';
import { ChangeJob } from '../../application/change-job.js';
import { CreateJob } from '../../application/create-job.js';
import { newJob } from '../../application/imported-fields.js';
import { ExternalIdField, ExternalIdFilter, ExternalIdResponse, jobDetails, JobFields } from './record-fields.js';
import { type JobStatus, jobStatuses } from '../../contract.js';
import { externalIdTaken } from '../../domain/errors.js';
import { JobsView, type JobView } from '../../views/jobs.js';

class CreateJobRequest extends JobFields {
  @ExternalIdField() external_id?: string | null;
}
class ChangeJobRequest extends PartialType(CreateJobRequest, { skipNullProperties: false }) {}

class JobsQuery extends ListQuery {
  @AnyOf(mostTexts) @SearchText(true) @ApiProperty({ type: [String], required: false }) search?: string[];

  @ExternalIdFilter() external_id?: string[];

  @AnyOf()
  @IsIn(jobStatuses, { each: true })
  @ApiProperty({ enum: jobStatuses, isArray: true, required: false })
  status?: JobStatus[];
}

class JobResponse implements JobView {
  @IdField() id!: Id;
  @ApiProperty() name!: string;
  @ExternalIdResponse() external_id!: string | null;
  @ApiProperty({ type: String, nullable: true }) requisition_id!: string | null;
  @ApiProperty({ enum: jobStatuses }) status!: JobStatus;
  @ApiProperty() confidential!: boolean;
  @ApiProperty({ enum: publicCapabilities, isArray: true }) capabilities!: PublicCapability[];
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
  @NeverDeleted('a job is closed') deleted_at!: null;
}

@ApiTags('Jobs')
@ApiBearerAuth()
@Controller('jobs')
export class JobsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly jobs: JobsView,
    private readonly ids: Ids,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listJobs', summary: 'List jobs' })
  @NeedsScope('jobs:read')
  @ApiOkResponse({ type: [JobResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: JobsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobView[]> {
    return paged(request, reply, query, () => this.jobs.list(caller, query));
  }

  @Post()
  @ApiOperation({ operationId: 'createJob', summary: 'Create a job' })
  @NeedsScope('jobs:write')
  @Refuses(externalIdTaken('job', null))
  @Requires('create_records', undefined, 'job.create')
  @MakesOne('job.create', 'one')
  @ApiCreatedResponse({ type: JobResponse })
  async create(@CurrentCaller() caller: Caller, @Body() body: CreateJobRequest): Promise<JobView> {
    const id = this.ids.next();
    await this.commands.execute(new CreateJob(caller, id, newJob(jobDetails(body))));
    return this.one(caller.granted(id, ['manage']), id);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getJob', summary: 'Read a job' })
  @NeedsScope('jobs:read')
  @Versioned('job')
  @Requires(null, 'job')
  @ApiOkResponse({ type: JobResponse })
  async one(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<JobView> {
    const job = await this.jobs.one(caller, id);
    if (!job) throw notFound();
    return job;
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'updateJob', summary: 'Change a job' })
  @NeedsScope('jobs:write')
  @Refuses(externalIdTaken('job', null))
  @Versioned('job')
  @Requires('edit_job', 'job', 'job.update')
  @ApiOkResponse({ type: JobResponse })
  async change(@CurrentCaller() caller: Caller, @IdInPath() id: Id, @Body() body: ChangeJobRequest): Promise<JobView> {
    await this.commands.execute(new ChangeJob(caller, id, jobDetails(body)));
    return this.one(caller, id);
  }
}
