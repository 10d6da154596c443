import { applyDecorators, Body, Controller, Get, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ApplicationStatus, applicationStatuses } from '#contexts/hiring';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import { NeverDeleted } from '#platform/http/deletion';
import { AnyOf, ListQuery } from '#platform/http/filters';
import { IdField, IdFilter, IdInPath, IsId } from '#platform/http/ids';
import { paged } from '#platform/http/paging';
import { Refuses } from '#platform/http/refuses';
import { SearchText, ShortText } from '#platform/http/text';
import { MakesOne } from '#platform/idempotency/makes-one';
import { Versioned } from '#platform/http/version.interceptor';
import { ChangeApplication } from '../../application/change-application.js';
import { OpenApplication } from '../../application/open-application.js';
import { ApplicationsView, type ApplicationRow } from '../../views/applications.js';
import { IsLeftOutOrGiven } from './body-fields.js';

/** The application's id in another system. An import finds it by this id. */
const ExternalId = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      ...{ type: String, nullable: true },
      description: 'Its id in another system: unique in the team among applications. Spaces around it are left out.',
    }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    ShortText(),
    IsOptional(),
  );

class CreateApplicationRequest {
  @IsId() candidate_id!: Id;
  @IsId() job_id!: Id;

  @IsId({ required: false, nullable: true, description: "The job's first stage when absent." })
  @IsOptional()
  stage_id?: Id | null;

  @ExternalId() external_id?: string | null;
}

class ChangeApplicationRequest {
  @ApiPropertyOptional({ enum: applicationStatuses })
  @IsIn(applicationStatuses)
  @IsLeftOutOrGiven()
  status?: ApplicationStatus;

  @IsId({ required: false, description: 'A stage of the same job.' })
  @IsLeftOutOrGiven()
  stage_id?: Id;

  @ExternalId() external_id?: string | null;
}

class ApplicationsQuery extends ListQuery {
  @IdFilter() job_id?: Id[];
  @IdFilter() candidate_id?: Id[];
  @IdFilter() stage_id?: Id[];
  @AnyOf() @SearchText(true) @ApiPropertyOptional({ type: [String] }) external_id?: string[];

  @ApiPropertyOptional({ enum: applicationStatuses, isArray: true })
  @AnyOf()
  @IsIn(applicationStatuses, { each: true })
  status?: ApplicationStatus[];
}

class ApplicantResponse {
  @IdField() id!: string;
  @ApiProperty() first_name!: string;
  @ApiProperty() last_name!: string;
}

class NamedResponse {
  @IdField() id!: string;
  @ApiProperty() name!: string;
}

class ApplicationResponse implements ApplicationRow {
  @IdField() id!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Its id in another system' }) external_id!: string | null;
  @IdField() candidate_id!: Id;
  @ApiProperty({ type: ApplicantResponse }) candidate!: ApplicantResponse;
  @IdField() job_id!: Id;
  @ApiProperty({ type: NamedResponse }) job!: NamedResponse;
  @ApiProperty({ enum: applicationStatuses }) status!: ApplicationStatus;
  @ApiProperty({ type: NamedResponse, nullable: true }) current_stage!: NamedResponse | null;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
  @NeverDeleted('an application is rejected, or its candidate hired') deleted_at!: null;
}

@ApiTags('Applications')
@Controller('applications')
export class ApplicationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly applications: ApplicationsView,
    private readonly ids: Ids,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listApplications', summary: 'List applications' })
  @NeedsScope('applications:read')
  @ApiOkResponse({ type: [ApplicationResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: ApplicationsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApplicationRow[]> {
    return paged(request, reply, query, () => this.applications.page(caller, query));
  }

  @Post()
  @ApiOperation({ operationId: 'createApplication', summary: 'Open an application' })
  @NeedsScope('applications:write')
  @Refuses(['forbidden', 'not_allowed'], ['conflict', 'already_applied', 'candidate_anonymised', 'already_taken'])
  @MakesOne('application.create', 'one')
  @ApiCreatedResponse({ type: ApplicationResponse })
  async open(@CurrentCaller() caller: Caller, @Body() body: CreateApplicationRequest): Promise<ApplicationRow> {
    const applicationId = this.ids.next();
    const { candidate_id, job_id, stage_id = null, external_id = null } = body;
    await this.commands.execute(
      new OpenApplication(caller, applicationId, candidate_id, job_id, stage_id, external_id),
    );
    return this.applications.one(caller.teamId, applicationId);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getApplication', summary: 'Read an application' })
  @NeedsScope('applications:read')
  @Versioned('application')
  @Requires(null, 'application')
  @ApiOkResponse({ type: ApplicationResponse })
  one(@CurrentCaller() caller: Caller, @IdInPath() applicationId: Id): Promise<ApplicationRow> {
    return this.applications.one(caller.teamId, applicationId);
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'updateApplication', summary: 'Move or close an application' })
  @NeedsScope('applications:write')
  @Refuses(['conflict', 'already_applied', 'candidate_anonymised', 'already_taken'])
  @Versioned('application')
  @Requires('edit_job', 'application', 'application.update')
  @ApiOkResponse({ type: ApplicationResponse })
  async change(
    @CurrentCaller() caller: Caller,
    @IdInPath() applicationId: Id,
    @Body() body: ChangeApplicationRequest,
  ): Promise<ApplicationRow> {
    const { status, stage_id, external_id } = body;
    await this.commands.execute(new ChangeApplication(caller, applicationId, status, stage_id, external_id));
    return this.applications.one(caller.teamId, applicationId);
  }
}
