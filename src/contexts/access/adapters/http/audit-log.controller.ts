import { Readable } from 'node:stream';
import { Controller, Get, Headers, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiProduces, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Callers } from '#platform/auth/callers';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import type { StillAllowed } from '#platform/auth/still-allowed';
import { AnyOf, ListQuery } from '#platform/http/filters';
import { IdFilter } from '#platform/http/ids';
import { paged } from '#platform/http/paging';
import { SearchText } from '#platform/http/text';
import { AuditLog, type AuditView } from '../../views/audit-log.js';
import { NamedDto } from './person.dto.js';

const ndjson = 'application/x-ndjson';

const Filter = () => ApiProperty({ type: [String], required: false });

class AuditQuery extends ListQuery {
  @AnyOf() @SearchText(true) @Filter() entity?: string[];
  @IdFilter() entity_id?: Id[];
  @IdFilter() actor_id?: Id[];
  @AnyOf() @SearchText(true) @Filter() action?: string[];
}

class AuditResponse implements AuditView {
  @ApiProperty() id!: string;
  @ApiProperty() at!: string;
  @ApiProperty({ type: NamedDto, nullable: true }) actor!: NamedDto | null;
  @ApiProperty() action!: string;
  @ApiProperty() entity!: string;
  @ApiProperty() entity_id!: string;
  @ApiProperty({ enum: ['done', 'refused'] }) outcome!: 'done' | 'refused';
  @ApiProperty({ type: Object, additionalProperties: true }) from!: Record<string, unknown>;
  @ApiProperty({ type: Object, additionalProperties: true }) to!: Record<string, unknown>;
  @ApiProperty({ description: "It is about a check of one's own: `from` and `to` are empty" }) withheld!: boolean;
  @ApiProperty({ type: String, nullable: true }) ip!: string | null;
}

@ApiTags('Audit log')
@ApiBearerAuth()
@Controller('audit_log')
export class AuditLogController {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly callers: Callers,
  ) {}

  @Get()
  @Requires('administer_team')
  @ApiProduces('application/json', ndjson)
  @ApiHeader({
    name: 'Accept',
    required: false,
    description: '`application/x-ndjson`: every entry that fits, one a line; then `page` and `per_page` do not count',
  })
  @ApiOkResponse({ type: [AuditResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: AuditQuery,
    @Headers('accept') accept: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditView[] | StreamableFile> {
    if (accept?.includes(ndjson)) {
      const allowed = this.callers.watch(request, caller, (now) => now.require('administer_team'));
      return new StreamableFile(Readable.from(this.lines(allowed, query)), { type: ndjson });
    }
    return paged(request, reply, query, await this.auditLog.list(caller, query));
  }

  /** Who loses the right while it runs is left with a connection that breaks off: a last line would look like an entry. */
  private async *lines(allowed: StillAllowed, query: AuditQuery): AsyncGenerator<string> {
    for await (const entry of this.auditLog.all(allowed, query)) {
      await allowed();
      yield `${JSON.stringify(entry)}\n`;
    }
  }
}
