import { Body, Controller, Get, Headers, Post, Res, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import { IdInPath, IsId } from '#platform/http/ids';
import type { Requested } from '../../application/idempotent-requests.js';
import { RequestCheck } from '../../application/request-check.js';
import { ApplicationPlan, type PlanStage } from '../../views/application-plan.js';
import { CheckResponse, PlanStageResponse } from './check-response.js';
import { keyFrom } from './idempotency-key.js';
import { MaySendGuard } from './may-send.guard.js';

class SendCheckBody {
  @IsId({ description: 'The activity of the plan that it is sent from.' })
  job_stage_item_id!: Id;

  @ApiPropertyOptional({ type: String, description: "Another package than the activity's." })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @ValidateIf((body: SendCheckBody) => body.package_id !== undefined)
  package_id?: string;
}

@ApiTags('Background checks')
@Controller('applications/:id')
export class ApplicationChecksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly plan: ApplicationPlan,
  ) {}

  @Get('interview_plan')
  @Requires('view_background_check_status', 'application')
  @ApiOkResponse({ type: [PlanStageResponse] })
  interviewPlan(@CurrentCaller() caller: Caller, @IdInPath() applicationId: Id): Promise<PlanStage[]> {
    return this.plan.of(caller, applicationId);
  }

  /** `MaySendGuard` checks the right to send, because it also records refused attempts in the audit log. */
  @Post('background_checks')
  @Requires(null, 'application', 'background_check.send')
  @UseGuards(MaySendGuard)
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Repeats within a day get the first response.' })
  @ApiCreatedResponse({ type: CheckResponse })
  async send(
    @CurrentCaller() caller: Caller,
    @IdInPath() applicationId: Id,
    @Body() body: SendCheckBody,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { job_stage_item_id, package_id = null } = body;
    const command = new RequestCheck(caller, applicationId, job_stage_item_id, package_id, keyFrom(key));
    const { answer, replayed } = await this.commands.execute<RequestCheck, Requested>(command);
    if (replayed) void reply.header('idempotent-replayed', 'true');
    return answer;
  }
}
