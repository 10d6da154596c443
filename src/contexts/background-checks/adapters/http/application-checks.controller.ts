import { Body, Controller, Get, Headers, Post, Res, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import { IdInPath, IsId } from '#platform/http/ids';
import { Refuses } from '#platform/http/refuses';
import { idempotencyKey, keyFrom } from '#platform/idempotency/idempotency-key';
import { storableText } from '#platform/http/text';
import { sendingNotAllowed } from '../../domain/errors.js';
import type { Requested } from '../../application/idempotent-requests.js';
import { RequestCheck } from '../../application/request-check.js';
import { ApplicationPlanView, type PlanStage } from '../../views/application-plan.js';
import { ofSending } from './check-refusals.js';
import { CheckResponse, PlanStageResponse } from './check-response.js';
import { MaySendGuard } from './may-send.guard.js';

class SendCheckRequest {
  @IsId({ description: 'The activity of the plan that it is sent from.' })
  job_stage_item_id!: Id;

  @ApiPropertyOptional({ type: String, description: "Another package than the activity's." })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @Matches(storableText, { message: '$property must be plain text' })
  @ValidateIf((body: SendCheckRequest) => body.package_id !== undefined)
  package_id?: string;
}

@ApiTags('Background checks')
@Controller('applications/:id')
export class ApplicationChecksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly plan: ApplicationPlanView,
  ) {}

  @Get('interview_plan')
  @ApiOperation({
    operationId: 'getInterviewPlan',
    summary: 'Read the interview plan of an application with its checks',
  })
  @NeedsScope('background_checks:read')
  @Requires('view_background_check_status', 'application')
  @ApiOkResponse({ type: [PlanStageResponse] })
  interviewPlan(@CurrentCaller() caller: Caller, @IdInPath() applicationId: Id): Promise<PlanStage[]> {
    return this.plan.of(caller, applicationId);
  }

  /** `MaySendGuard` checks the right to send, because it also records refused attempts in the audit log. */
  @Post('background_checks')
  @ApiOperation({ operationId: 'sendBackgroundCheck', summary: 'Send a background check' })
  @NeedsScope('background_checks:send')
  @Refuses(...ofSending, sendingNotAllowed())
  @Requires(null, 'application', 'background_check.send')
  @UseGuards(MaySendGuard)
  @ApiHeader(idempotencyKey)
  @ApiCreatedResponse({ type: CheckResponse })
  async send(
    @CurrentCaller() caller: Caller,
    @IdInPath() applicationId: Id,
    @Body() body: SendCheckRequest,
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
