import { Body, Controller, Get, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { CurrentCaller, LargeRead, Requires } from '#platform/auth/requires';
import { IdField } from '#platform/http/ids';
import { paged, Paging } from '#platform/http/paging';
import { FailedErasureResponse, RetentionRuleRequest, RetentionRuleResponse } from '#platform/http/retention';
import { Versioned } from '#platform/http/version.interceptor';
import { SetRetentionRule } from '../../application/set-retention-rule.js';
import type { ErasedChecks } from '../../contract.js';
import type { FailedCandidate } from '../../domain/erasures.js';
import { type DueCandidate, DueCandidatesView } from '../../views/due-candidates.js';
import { ErasuresView, type ShownErasure } from '../../views/erasures.js';
import { FailedCandidatesView } from '../../views/failed-candidates.js';
import { RetentionRuleView } from '../../views/retention-rule.js';

class DueCandidateResponse implements DueCandidate {
  @IdField() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ format: 'date-time', description: 'From then on, the next daily run anonymises them' })
  due_on!: string;
}

class FailedCandidateResponse extends FailedErasureResponse implements FailedCandidate {
  @IdField() id!: string;
  @ApiProperty() name!: string;
}

class ErasedChecksResponse implements ErasedChecks {
  @ApiProperty() package!: string;
  @ApiProperty({ description: 'A result, or the status of a check that has none' }) outcome!: string;
  @ApiProperty() count!: number;
}

class EraserResponse {
  @IdField() id!: string;
  @ApiProperty({ type: String, nullable: true }) name!: string | null;
}

class ErasureResponse implements ShownErasure {
  @IdField() candidate_id!: Id;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ type: EraserResponse, nullable: true, description: 'null: the retention rule' })
  by!: EraserResponse | null;
  @ApiProperty({ type: [ErasedChecksResponse] }) checks!: ErasedChecksResponse[];
  @ApiProperty({
    description: 'The candidate was also a user of the team: only whether their checks were completed is counted',
  })
  withheld!: boolean;
}

/** How long rejected candidates are kept, who is anonymised next, and who was anonymised already. */
@ApiTags('Privacy')
@ApiBearerAuth()
@Controller()
export class RetentionController {
  constructor(
    private readonly commands: CommandBus,
    private readonly rule: RetentionRuleView,
    private readonly dueCandidates: DueCandidatesView,
    private readonly failedCandidates: FailedCandidatesView,
    private readonly proofs: ErasuresView,
  ) {}

  @Get('retention_rule')
  @ApiOperation({ operationId: 'getRetentionRule', summary: 'Read how long rejected candidates are kept' })
  @Versioned('retention_rule', null)
  @Requires('administer_team')
  @ApiOkResponse({ type: RetentionRuleResponse })
  read(@CurrentCaller() caller: Caller): Promise<RetentionRuleResponse> {
    return this.rule.of(caller.teamId);
  }

  @Put('retention_rule')
  @ApiOperation({ operationId: 'setRetentionRule', summary: 'Set how long rejected candidates are kept' })
  @Versioned('retention_rule', null)
  @Requires('administer_team', undefined, 'retention_rule.update')
  @ApiOkResponse({ type: RetentionRuleResponse })
  async change(@CurrentCaller() caller: Caller, @Body() body: RetentionRuleRequest): Promise<RetentionRuleResponse> {
    await this.commands.execute(new SetRetentionRule(caller, body.months));
    return this.rule.of(caller.teamId);
  }

  @Get('retention_rule/due')
  @ApiOperation({ operationId: 'listCandidatesDue', summary: 'List the candidates who are anonymised next' })
  @LargeRead()
  @Requires('administer_team')
  @ApiOkResponse({
    type: [DueCandidateResponse],
    description: 'Candidates that the rule anonymises within a week, soonest first',
  })
  async due(
    @CurrentCaller() caller: Caller,
    @Query() query: Paging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DueCandidate[]> {
    return paged(request, reply, query, () => this.dueCandidates.list(caller.teamId, query));
  }

  @Get('retention_rule/failures')
  @ApiOperation({ operationId: 'listFailedAnonymisations', summary: 'List the candidates who could not be anonymised' })
  @Requires('administer_team')
  @ApiOkResponse({ type: [FailedCandidateResponse], description: 'Candidates that the rule could not anonymise yet' })
  async failures(
    @CurrentCaller() caller: Caller,
    @Query() query: Paging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FailedCandidate[]> {
    return paged(request, reply, query, () => this.failedCandidates.list(caller.teamId, query));
  }

  @Get('erasures')
  @ApiOperation({ operationId: 'listErasures', summary: 'List the proofs of anonymising' })
  @Requires('administer_team')
  @ApiOkResponse({ type: [ErasureResponse] })
  async erasures(
    @CurrentCaller() caller: Caller,
    @Query() query: Paging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownErasure[]> {
    return paged(request, reply, query, () => this.proofs.list(caller, query));
  }
}
