import { Readable } from 'node:stream';
import { Controller, Get, Headers, Query, Req, Res, StreamableFile } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiProperty,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Callers } from '#platform/auth/callers';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import type { StillAllowed } from '#platform/auth/still-allowed';
import { Settings } from '#platform/config/settings';
import { AnyOf, ListQuery } from '#platform/http/filters';
import { IdField, IdFilter } from '#platform/http/ids';
import { paged } from '#platform/http/paging';
import { SearchText } from '#platform/http/text';
import { Refuses } from '#platform/http/refuses';
import { AuditLogView, type AuditView } from '../../views/audit-log.js';
import { ActorResponse } from './person.dto.js';

const ndjson = 'application/x-ndjson';
/** Concurrent exports of one team on one replica. */
const exportsAtOnce = 2;

const Filter = () => ApiProperty({ type: [String], required: false });

class AuditLogQuery extends ListQuery {
  @AnyOf() @SearchText(true) @Filter() entity?: string[];
  @IdFilter() entity_id?: Id[];
  @IdFilter() actor_id?: Id[];
  @AnyOf() @SearchText(true) @Filter() action?: string[];
}

class AuditResponse implements AuditView {
  @IdField() id!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ type: ActorResponse, nullable: true }) actor!: ActorResponse | null;
  @ApiProperty() action!: string;
  @ApiProperty() entity!: string;
  @ApiProperty() entity_id!: string;
  @ApiProperty({ enum: ['done', 'refused'] }) outcome!: 'done' | 'refused';
  @ApiProperty({ type: Object, additionalProperties: true }) from!: Record<string, unknown>;
  @ApiProperty({ type: Object, additionalProperties: true }) to!: Record<string, unknown>;
  @ApiProperty({ description: "The entry is about the caller's own check: `from` and `to` are empty" })
  withheld!: boolean;
  @ApiProperty({ type: String, nullable: true }) ip!: string | null;
}

@ApiTags('Audit log')
@ApiBearerAuth()
@Controller('audit_log')
export class AuditLogController {
  /** Running exports by team. */
  private readonly exports = new Map<string, number>();

  constructor(
    private readonly auditLog: AuditLogView,
    private readonly callers: Callers,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listAuditEntries', summary: 'List or export the audit log' })
  @Refuses(['too_many', 'too_many_exports'])
  @Requires('administer_team')
  @ApiHeader({
    name: 'Accept',
    required: false,
    schema: { type: 'string', maxLength: 255, pattern: '^[\\x20-\\x7e]*$' },
    description: '`application/x-ndjson`: every matching entry, one per line; `page` and `per_page` do not apply',
  })
  @ApiProduces('application/json', ndjson)
  @ApiExtraModels(AuditResponse)
  @ApiOkResponse({
    description: 'A page, or every matching entry, one a line',
    content: {
      'application/json': { schema: { type: 'array', items: { $ref: getSchemaPath(AuditResponse) } } },
      [ndjson]: { schema: { type: 'string' } },
    },
  })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: AuditLogQuery,
    @Headers('accept') accept: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditView[] | StreamableFile> {
    if (accept?.includes(ndjson)) {
      // An export that nobody gets is not made.
      if (request.method === 'HEAD') return new StreamableFile(Readable.from([]), { type: ndjson });
      const allowed = this.callers.watch(request, caller, (now) => now.require('administer_team'));
      return new StreamableFile(this.export(caller.teamId, this.lines(allowed, query)), { type: ndjson });
    }
    return paged(request, reply, query, () => this.auditLog.list(caller, query));
  }

  private export(teamId: string, lines: AsyncIterable<string>): Readable {
    const running = this.exports.get(teamId) ?? 0;
    if (running >= exportsAtOnce) throw tooManyExports();
    this.exports.set(teamId, running + 1);
    const unread = setTimeout(() => readable.destroy(), this.settings.answerIdleSeconds * 1000).unref();
    const readable = Readable.from(watched(lines, unread));
    readable.once('close', () => {
      clearTimeout(unread);
      const left = (this.exports.get(teamId) ?? 1) - 1;
      if (left > 0) this.exports.set(teamId, left);
      else this.exports.delete(teamId);
    });
    return readable;
  }

  /** A caller who loses the right during the export gets a broken connection, because an error line would look like an entry. */
  private async *lines(allowed: StillAllowed, query: AuditLogQuery): AsyncGenerator<string> {
    for await (const entry of this.auditLog.all(allowed, query)) {
      await allowed();
      yield `${JSON.stringify(entry)}\n`;
    }
  }
}

/** Restarts the reader's timeout with each line that is taken. */
async function* watched(lines: AsyncIterable<string>, unread: NodeJS.Timeout): AsyncGenerator<string> {
  for await (const line of lines) {
    yield line;
    unread.refresh();
  }
}

const tooManyExports = (): DomainError =>
  new DomainError(
    'too_many',
    'too_many_exports',
    'Your team is already exporting its audit log. Try again when that export has ended.',
    {},
    10,
  );
