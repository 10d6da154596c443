import { Body, Controller, Get, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { CurrentCaller, LargeRead, Requires } from '#platform/auth/requires';
import { paged, Paging } from '#platform/http/paging';
import { FailedErasureResponse, RetentionRuleRequest, RetentionRuleResponse } from '#platform/http/retention';
import { IdField } from '#platform/http/ids';
import { Versioned } from '#platform/http/version.interceptor';
import { SetResultRetentionRule } from '../../application/set-result-retention-rule.js';
import { checkStatuses } from '../../domain/check-status.js';
import {
  type DueResult,
  type FailedRemoval,
  type RemovedResult,
  ResultRetentionView,
} from '../../views/result-retention.js';

class DueResultResponse implements DueResult {
  @ApiProperty({ format: 'uuid', description: 'Of the check' }) id!: string;
  @IdField() candidate_id!: string;
  @ApiProperty() candidate_name!: string;
  @ApiProperty() package!: string;
  @ApiProperty({ enum: checkStatuses }) status!: string;
  @ApiProperty({ format: 'date-time', description: 'From then on, the next daily run removes it' }) due_on!: string;
}

class FailedRemovalResponse extends FailedErasureResponse implements FailedRemoval {
  @ApiProperty({ format: 'uuid', description: 'Of the check' }) id!: string;
  @IdField() candidate_id!: string;
  @ApiProperty() candidate_name!: string;
  @ApiProperty() package!: string;
}

class RemovedResultResponse implements RemovedResult {
  @ApiProperty({ format: 'uuid', description: 'Of the check' }) id!: string;
  @IdField() candidate_id!: string;
  @ApiProperty() candidate_name!: string;
  @ApiProperty() package!: string;
  @ApiProperty({ format: 'date-time' }) removed_at!: string;
}

/** How long results are kept after their check ended, which of them go next, and which went. */
@ApiTags('Privacy')
@ApiBearerAuth()
@Controller()
export class ResultRetentionController {
  constructor(
    private readonly commands: CommandBus,
    private readonly view: ResultRetentionView,
  ) {}

  @Get('result_retention_rule')
  @ApiOperation({ operationId: 'getResultRetentionRule', summary: 'Read how long results are kept' })
  @Versioned('result_retention_rule', null)
  @Requires('administer_team')
  @ApiOkResponse({ type: RetentionRuleResponse })
  read(@CurrentCaller() caller: Caller): Promise<RetentionRuleResponse> {
    return this.view.rule(caller.teamId);
  }

  @Put('result_retention_rule')
  @ApiOperation({ operationId: 'setResultRetentionRule', summary: 'Set how long results are kept' })
  @Versioned('result_retention_rule', null)
  @Requires('administer_team')
  @ApiOkResponse({ type: RetentionRuleResponse })
  async change(@CurrentCaller() caller: Caller, @Body() body: RetentionRuleRequest): Promise<RetentionRuleResponse> {
    await this.commands.execute(new SetResultRetentionRule(caller, body.months));
    return this.view.rule(caller.teamId);
  }

  @Get('result_retention_rule/due')
  @ApiOperation({ operationId: 'listResultsDue', summary: 'List the results that are removed next' })
  @LargeRead()
  @Requires('administer_team')
  @ApiOkResponse({
    type: [DueResultResponse],
    description: 'Results that the rule removes within a week, soonest first',
  })
  async due(
    @CurrentCaller() caller: Caller,
    @Query() query: Paging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DueResult[]> {
    return paged(request, reply, query, () => this.view.due(caller, query));
  }

  @Get('result_retention_rule/failures')
  @ApiOperation({ operationId: 'listFailedResultRemovals', summary: 'List the results that could not be removed' })
  @Requires('administer_team')
  @ApiOkResponse({ type: [FailedRemovalResponse], description: 'Results that the rule could not remove yet' })
  async failures(
    @CurrentCaller() caller: Caller,
    @Query() query: Paging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FailedRemoval[]> {
    return paged(request, reply, query, () => this.view.failures(caller, query));
  }

  @Get('removed_results')
  @ApiOperation({ operationId: 'listRemovedResults', summary: 'List the proofs of removed results' })
  @Requires('administer_team')
  @ApiOkResponse({ type: [RemovedResultResponse], description: 'The proofs, the newest first' })
  async removed(
    @CurrentCaller() caller: Caller,
    @Query() query: Paging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RemovedResult[]> {
    return paged(request, reply, query, () => this.view.removed(caller, query));
  }
}
