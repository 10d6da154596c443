import { Body, Controller, Get, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import { IdField, IdInPath } from '#platform/http/ids';
import { Refuses } from '#platform/http/refuses';
import { MarkTask } from './mark-task.js';
import { PersonShown } from './task-fields.js';
import { reasons, TaskList, type TaskRow } from './task-list.js';

class MarkTaskRequest {
  @ApiProperty()
  @IsBoolean()
  done!: boolean;
}

class TaskResponse implements TaskRow {
  @IdField() job_stage_item_id!: Id;
  @ApiProperty() title!: string;
  @ApiProperty({ type: PersonShown, nullable: true }) assignee!: PersonShown | null;
  @ApiProperty() done!: boolean;
  @ApiProperty({ type: PersonShown, nullable: true }) done_by!: PersonShown | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) done_at!: string | null;
  @ApiProperty({ description: 'For this caller, now.' }) can_change!: boolean;
  @ApiProperty({ type: String, nullable: true, enum: reasons })
  cannot_change_reason!: TaskRow['cannot_change_reason'];
}

@ApiTags('Applications')
@Controller('applications/:id/tasks')
export class TasksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly tasks: TaskList,
  ) {}

  /** Without paging, because a plan is read as a whole. */
  @Get()
  @ApiOperation({ operationId: 'listTasks', summary: 'List the tasks of an application' })
  @NeedsScope('applications:read')
  @Requires(null, 'application')
  @ApiOkResponse({ type: [TaskResponse], description: 'The tasks of the plan, in its order.' })
  list(@CurrentCaller() caller: Caller, @IdInPath() applicationId: Id): Promise<TaskRow[]> {
    return this.tasks.of(caller, applicationId);
  }

  /** `MarkTask` decides who may: the assignee of a task need not have the right to change the application. */
  @Put(':job_stage_item_id')
  @ApiOperation({ operationId: 'updateTask', summary: 'Mark a task as done or open' })
  @NeedsScope('applications:write')
  @Refuses(['forbidden', 'not_allowed'], ['conflict', 'application_not_active', 'stage_not_reached'])
  @Requires(null, 'application', 'task.update')
  @ApiOkResponse({ type: TaskResponse })
  async mark(
    @CurrentCaller() caller: Caller,
    @IdInPath() applicationId: Id,
    @IdInPath('job_stage_item_id') itemId: Id,
    @Body() { done }: MarkTaskRequest,
  ): Promise<TaskRow> {
    await this.commands.execute(new MarkTask(caller, applicationId, itemId, done));
    return this.tasks.one(caller, applicationId, itemId);
  }
}
