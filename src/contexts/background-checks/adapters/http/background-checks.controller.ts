import { pipeline, Readable } from 'node:stream';
import { Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { create } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Callers } from '#platform/auth/callers';
import { CurrentCaller, NeedsScope, RecentSignIn, Requires } from '#platform/auth/requires';
import { passWhileAllowed } from '#platform/auth/still-allowed';
import { asTeam } from '#platform/database/scope';
import { AnyOf, ListQuery, mostTexts } from '#platform/http/filters';
import { IdFilter, IdInPath } from '#platform/http/ids';
import { paged } from '#platform/http/paging';
import { WaitsForOthers } from '#platform/http/route-marks';
import { SearchText } from '#platform/http/text';
import { vendorRefusals } from '#contexts/integrations';
import { Refuses } from '#platform/http/refuses';
import { alreadyFinished, cancelRefused } from '../../domain/errors.js';
import { CancelCheck } from '../../application/cancel-check.js';
import { FindResults, type FoundResults, type OpenedResults, OpenResults } from '../../application/open-results.js';
import { RefreshCheck } from '../../application/refresh-check.js';
import { checkResults, checkStatuses } from '../../domain/check-status.js';
import type { CheckAnswer } from '../../views/check-answer.js';
import { CheckHistoryView } from '../../views/check-history.js';
import { ChecksView } from '../../views/checks.js';
import { ofReports } from './check-refusals.js';
import { CheckResponse, HistoryResponse } from './check-response.js';

class ChecksQuery extends ListQuery {
  @ApiPropertyOptional({ enum: checkStatuses, isArray: true })
  @IsIn(checkStatuses, { each: true })
  @AnyOf()
  status?: string[];

  @ApiPropertyOptional({
    enum: checkResults,
    isArray: true,
    description: 'Finds only checks whose results the caller may see.',
  })
  @IsIn(checkResults, { each: true })
  @AnyOf()
  result?: string[];

  @IdFilter() job_id?: Id[];
  @IdFilter() application_id?: Id[];
  @IdFilter() candidate_id?: Id[];

  @ApiPropertyOptional({ type: [String] })
  @SearchText(true)
  @AnyOf()
  package_id?: string[];

  @ApiPropertyOptional({
    type: [String],
    description: 'The address that the invitation was sent to, of any candidate.',
  })
  @SearchText(true)
  @AnyOf(mostTexts)
  sent_to?: string[];
}

@ApiTags('Background checks')
@Controller('background_checks')
export class BackgroundChecksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly checks: ChecksView,
    private readonly checkHistory: CheckHistoryView,
    private readonly callers: Callers,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listBackgroundChecks', summary: 'List background checks' })
  @NeedsScope('background_checks:read')
  @ApiOkResponse({ type: [CheckResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: ChecksQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CheckAnswer[]> {
    return paged(request, reply, query, () => this.checks.list(caller, query, query));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getBackgroundCheck', summary: 'Read a background check' })
  @NeedsScope('background_checks:read')
  @Requires('view_background_check_status', 'check')
  @ApiOkResponse({ type: CheckResponse })
  one(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<CheckAnswer> {
    return this.checks.one(caller, id);
  }

  @Get(':id/history')
  @ApiOperation({ operationId: 'listBackgroundCheckHistory', summary: 'List what happened to a background check' })
  @NeedsScope('background_checks:read')
  @Requires('view_background_check_status', 'check')
  @ApiOkResponse({ type: [HistoryResponse] })
  history(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<HistoryResponse[]> {
    return this.checkHistory.of(caller, id);
  }

  @Post(':id/refresh')
  @ApiOperation({ operationId: 'refreshBackgroundCheck', summary: 'Read the status from the vendor now' })
  @NeedsScope('background_checks:read')
  @Refuses(...vendorRefusals)
  @HttpCode(200)
  @Requires('view_background_check_status', 'check')
  @ApiOkResponse({ type: CheckResponse })
  async refresh(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<CheckAnswer> {
    await this.commands.execute(new RefreshCheck(caller, id));
    return this.checks.one(caller, id);
  }

  @Post(':id/cancel')
  @ApiOperation({ operationId: 'cancelBackgroundCheck', summary: 'Cancel a background check' })
  @NeedsScope('background_checks:send')
  @Refuses(alreadyFinished(), cancelRefused(''))
  @HttpCode(200)
  @Requires('send_background_check', 'check', 'background_check.cancel')
  @ApiOkResponse({ type: CheckResponse })
  async cancel(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<CheckAnswer> {
    await this.commands.execute(new CancelCheck(caller, id));
    return this.checks.one(caller, id);
  }

  @Get(':id/results')
  @ApiOperation({ operationId: 'downloadReport', summary: 'Download the report of a background check' })
  @NeedsScope('results:read')
  @Refuses(...ofReports)
  @WaitsForOthers()
  @Requires('view_background_check_results', 'check', 'background_check.open_results')
  @RecentSignIn()
  @ApiProduces('application/pdf')
  @ApiOkResponse({
    description: "The vendor's report. Every read is recorded in the audit log.",
    content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } },
    headers: { 'Content-Disposition': { description: 'A name for the file', schema: { type: 'string' } } },
  })
  async results(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (request.method === 'HEAD') return this.announce(caller, id, reply);
    const opened = await this.commands.execute<OpenResults, OpenedResults>(new OpenResults(caller, id));
    const { stream, length, fileName, jobId, candidateId } = opened;
    const allowed = this.callers.watch(request, caller, async (now) => {
      if (now.isSelf(candidateId)) throw notFound();
      now.require('view_background_check_results', jobId);
      await asTeam(now.teamId, opened.isStillThere);
    });
    if (length !== null) void reply.header('content-length', length);
    // When one end of the pipeline breaks off, `pipeline` destroys the other.
    await asReport(reply, fileName).send(pipeline(stream, passWhileAllowed(allowed), () => undefined));
  }

  /** HEAD: what the vendor would be asked for, and whether. Its length is not known before. */
  private async announce(caller: Caller, id: Id, reply: FastifyReply): Promise<void> {
    const { fileName } = await this.queries.execute<FindResults, FoundResults>(new FindResults(caller, id));
    await asReport(reply, fileName).send(Readable.from([]));
  }
}

const asReport = (reply: FastifyReply, fileName: string): FastifyReply =>
  reply
    .header('cache-control', 'no-store')
    .header('content-disposition', create(fileName, { type: 'inline' }))
    .type('application/pdf');
