import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '#kernel/caller';
import { Callers } from '#platform/auth/callers';
import { mustHaveScope } from '#platform/auth/requirement';
import { CurrentCaller, NeedsScope } from '#platform/auth/requires';
import { ChangeFeed, expired, unknownCursor } from '#platform/changes/change-feed';
import { largestPage } from '#platform/http/paging';
import { Refuses } from '#platform/http/refuses';
import { SearchText } from '#platform/http/text';
import { ChangesResponse, type ChangeType, changeTypes, typeNames } from './change-response.js';
import { rightsOf } from './rights-of.js';
import { ShownChanges } from './shown-changes.js';

class ChangesQuery {
  @ApiPropertyOptional({
    description:
      'The cursor of the page before. Without it the answer has no changes, and the cursor from which later ones follow.',
  })
  @SearchText()
  @IsOptional()
  after?: string;

  @ApiPropertyOptional({
    enum: typeNames,
    isArray: true,
    description:
      'Which things, separated by commas; by default all that the caller may read. With a cursor: some of those that it follows; ' +
      'when absent, the same.',
  })
  @Transform(({ value }: { value: unknown }) =>
    value === undefined ? value : [value].flat().flatMap((one) => (typeof one === 'string' ? one.split(',') : [one])),
  )
  @IsIn(typeNames, { each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(typeNames.length, {
    message: `$property takes at most ${typeNames.length} values: use several requests`,
  })
  @IsArray()
  @IsOptional()
  types?: ChangeType[];

  @ApiPropertyOptional({ minimum: 1, maximum: largestPage, default: 100 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(largestPage)
  @IsOptional()
  limit: number = 100;
}

const readableBy = (caller: Caller): ChangeType[] =>
  typeNames.filter((type) => caller.hasScope(changeTypes[type].scope));

/** What changed, for those who keep a copy. */
@ApiTags('Changes')
@Controller('changes')
export class ChangesController {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly shown: ShownChanges,
    private readonly callers: Callers,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listChanges', summary: 'List what changed since a cursor' })
  @NeedsScope('jobs:read', 'candidates:read', 'applications:read', 'background_checks:read')
  @Refuses(expired(''), unknownCursor())
  @ApiQuery({ name: 'types', required: false, style: 'form', explode: false })
  @ApiOkResponse({ type: ChangesResponse })
  async list(
    @CurrentCaller() admitted: Caller,
    @Query() { after, types, limit }: ChangesQuery,
    @Req() request: FastifyRequest,
  ): Promise<ChangesResponse> {
    for (const type of types ?? []) mustHaveScope(admitted, [changeTypes[type].scope]);
    const followed = types ? [...new Set(types)] : after === undefined ? readableBy(admitted) : undefined;
    const page = await this.feed.page(admitted.teamId, after, followed, limit);
    // The rights of now, not those of when the request began: a right that was given in between is on this page or on a later one.
    const caller = await this.callers.of(request);
    const cursor = this.feed.cursorAfter(page, rightsOf(caller));
    const changes = await this.shown.of(caller, page.rows, page.from?.completeSeq ?? 0);
    return { changes, cursor, has_more: page.hasMore };
  }
}
