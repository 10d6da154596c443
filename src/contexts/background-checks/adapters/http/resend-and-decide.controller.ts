import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Equals, ValidateBy, ValidateIf } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import { IdInPath } from '#platform/http/ids';
import { EmailAddress, MayBeAbsent, ShortText } from '#platform/http/text';
import { vendorRefusals } from '#contexts/integrations';
import { Refuses } from '#platform/http/refuses';
import { idempotencyKey, keyFrom } from '#platform/idempotency/idempotency-key';
import { alreadyReplaced, itemDeleted, notResendable } from '../../domain/errors.js';
import type { Requested } from '../../application/idempotent-requests.js';
import { DecideCheck } from '../../application/decide-check.js';
import { ResendCheck } from '../../application/resend-check.js';
import type { CheckAnswer } from '../../views/check-answer.js';
import { ChecksView } from '../../views/checks.js';
import { ofSending } from './check-refusals.js';
import { CheckResponse } from './check-response.js';

class ResendCheckRequest {
  @ApiPropertyOptional({ type: String, description: "The address of this invitation, instead of the candidate's." })
  @EmailAddress()
  @MayBeAbsent()
  email?: string;
}

class DecideCheckRequest {
  @ApiPropertyOptional({ type: String, description: 'The case at the vendor that belongs to this check.' })
  @ShortText()
  @ValidateBy({
    name: 'onlyVerdict',
    validator: {
      validate: (_, context) => (context?.object as DecideCheckRequest).send_again === undefined,
      defaultMessage: () => 'send either $property or send_again, not both',
    },
  })
  @ValidateIf((body: DecideCheckRequest) => body.case_id !== undefined || body.send_again === undefined)
  case_id?: string;

  @ApiPropertyOptional({
    enum: [true],
    description: 'The vendor has no case for it: the order is sent again, unless it was cancelled.',
  })
  @Equals(true)
  @MayBeAbsent()
  send_again?: true;
}

@ApiTags('Background checks')
@Controller('background_checks')
export class ResendAndDecideController {
  constructor(
    private readonly commands: CommandBus,
    private readonly checks: ChecksView,
  ) {}

  @Post(':id/resend')
  @ApiOperation({ operationId: 'resendBackgroundCheck', summary: 'Send a background check again as a new one' })
  @NeedsScope('background_checks:send')
  @Refuses(...ofSending, notResendable(), alreadyReplaced(''), itemDeleted())
  @Requires('send_background_check', 'check', 'background_check.resend')
  @ApiHeader(idempotencyKey)
  @ApiCreatedResponse({ type: CheckResponse, description: 'The new check, with `replaces_id`.' })
  async resend(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body() body: ResendCheckRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const command = new ResendCheck(caller, id, body.email?.trim() ?? null, keyFrom(key));
    const { answer, replayed } = await this.commands.execute<ResendCheck, Requested>(command);
    if (replayed) void reply.header('idempotent-replayed', 'true');
    return answer;
  }

  @Post(':id/decide')
  @ApiOperation({ operationId: 'decideBackgroundCheck', summary: 'Decide about an order whose outcome is unknown' })
  @Refuses(['conflict', 'nothing_to_decide', 'not_settled_yet', 'integration_not_enabled'], ...vendorRefusals)
  @HttpCode(200)
  @Requires('administer_team', 'check', 'background_check.decide')
  @ApiOkResponse({ type: CheckResponse })
  async decide(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body() { case_id }: DecideCheckRequest,
  ): Promise<CheckAnswer> {
    const verdict = case_id === undefined ? ({ sendAgain: true } as const) : { caseId: case_id };
    await this.commands.execute(new DecideCheck(caller, id, verdict));
    return this.checks.one(caller, id);
  }
}
