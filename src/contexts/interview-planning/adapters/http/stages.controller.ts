import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
  OmitType,
} from '@nestjs/swagger';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import { ListQuery } from '#platform/http/filters';
import { IdField, IdInPath } from '#platform/http/ids';
import { Refuses } from '#platform/http/refuses';
import { MakesOne } from '#platform/idempotency/makes-one';
import { Versioned } from '#platform/http/version.interceptor';
import { stageInUse, tooManyStages } from '../../domain/errors.js';
import { AddStage } from '../../application/add-stage.js';
import { ChangeStage } from '../../application/change-stage.js';
import { RemoveStage } from '../../application/remove-stage.js';
import { JobStagesView } from '../../views/job-stages.js';
import { IsLeftOutOrGiven, IsName, IsPriority } from './body-fields.js';
import { ItemResponse } from './items.controller.js';
import { type ShownStage, ShownItems } from './shown-items.js';

class CreateStageRequest {
  @ApiProperty({ maxLength: 255 })
  @IsName()
  name!: string;

  @ApiPropertyOptional({ type: Number, minimum: 1, description: 'Its position; last when absent. The others move.' })
  @IsPriority()
  @IsLeftOutOrGiven()
  priority?: number;
}

class ChangeStageRequest {
  @ApiPropertyOptional({ type: String, maxLength: 255 })
  @IsName()
  @IsLeftOutOrGiven()
  name?: string;

  @ApiPropertyOptional({ type: Number, minimum: 1, description: 'Its new position. The others move.' })
  @IsPriority()
  @IsLeftOutOrGiven()
  priority?: number;
}

/** Without paging, because a plan is read as a whole. */
class StagesQuery extends OmitType(ListQuery, ['page', 'per_page', 'cursor'] as const) {}

class StageResponse implements ShownStage {
  @IdField() id!: string;
  @IdField() job_id!: Id;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Dense from 1.' }) priority!: number;
  @ApiProperty({ type: [ItemResponse] }) items!: ItemResponse[];
  @ApiProperty({ description: 'Active applications that are in it.' }) application_count!: number;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) deleted_at!: string | null;
}

@ApiTags('Interview plan')
@Controller()
export class StagesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly stages: JobStagesView,
    private readonly shown: ShownItems,
    private readonly ids: Ids,
  ) {}

  @Get('jobs/:id/stages')
  @ApiOperation({ operationId: 'listStages', summary: 'List the stages of a job' })
  @NeedsScope('jobs:read')
  @Requires(null, 'job')
  @ApiOkResponse({ type: [StageResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @IdInPath() jobId: Id,
    @Query() query: StagesQuery,
  ): Promise<ShownStage[]> {
    return this.shown.ofStages(caller.teamId, await this.stages.ofJob(caller.teamId, jobId, query));
  }

  @Post('jobs/:id/stages')
  @ApiOperation({ operationId: 'createStage', summary: 'Add a stage to a job' })
  @NeedsScope('jobs:write')
  @Refuses(tooManyStages())
  @Requires('edit_interview_plan', 'job', 'stage.create')
  @MakesOne('stage.create', 'one')
  @ApiCreatedResponse({ type: StageResponse })
  async add(
    @CurrentCaller() caller: Caller,
    @IdInPath() jobId: Id,
    @Body() body: CreateStageRequest,
  ): Promise<ShownStage> {
    const stageId = this.ids.next();
    await this.commands.execute(new AddStage(caller, jobId, stageId, body.name, body.priority));
    return this.one(caller, stageId);
  }

  @Get('job_stages/:id')
  @ApiOperation({ operationId: 'getStage', summary: 'Read a stage' })
  @NeedsScope('jobs:read')
  @Versioned('stage')
  @Requires(null, 'stage')
  @ApiOkResponse({ type: StageResponse })
  async one(@CurrentCaller() { teamId }: Caller, @IdInPath() stageId: Id): Promise<ShownStage> {
    const stage = await this.stages.stage(teamId, stageId);
    return { ...stage, items: await this.shown.of(teamId, stage.items) };
  }

  @Patch('job_stages/:id')
  @ApiOperation({ operationId: 'updateStage', summary: 'Rename or move a stage' })
  @NeedsScope('jobs:write')
  @Versioned('stage')
  @Requires('edit_interview_plan', 'stage', 'stage.update')
  @ApiOkResponse({ type: StageResponse })
  async change(
    @CurrentCaller() caller: Caller,
    @IdInPath() stageId: Id,
    @Body() body: ChangeStageRequest,
  ): Promise<ShownStage> {
    await this.commands.execute(new ChangeStage(caller, stageId, body.name, body.priority));
    return this.one(caller, stageId);
  }

  @Delete('job_stages/:id')
  @ApiOperation({ operationId: 'deleteStage', summary: 'Remove a stage' })
  @NeedsScope('jobs:write')
  @Refuses(stageInUse(1))
  @HttpCode(204)
  @Versioned('stage')
  @Requires('edit_interview_plan', 'stage', 'stage.delete')
  @ApiNoContentResponse({ description: 'Removed. 409 `stage_in_use` while active applications are in it.' })
  async remove(@CurrentCaller() caller: Caller, @IdInPath() stageId: Id): Promise<void> {
    await this.commands.execute(new RemoveStage(caller, stageId));
  }
}
