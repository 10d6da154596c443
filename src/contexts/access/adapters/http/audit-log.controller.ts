import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import { AnyOf, ListQuery } from '#platform/http/filters';
import { paged } from '#platform/http/paging';
import { SearchText } from '#platform/http/text';
import { AuditLog, type AuditView } from '../../views/audit-log.js';
import { NamedDto } from './person.dto.js';

const Filter = () => ApiProperty({ type: [String], required: false });

class AuditQuery extends ListQuery {
  @AnyOf() @SearchText(true) @Filter() entity?: string[];
  @AnyOf() @SearchText(true) @Filter() entity_id?: string[];
  @AnyOf() @SearchText(true) @Filter() actor_id?: string[];
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
  @ApiProperty({ type: String, nullable: true }) ip!: string | null;
}

@ApiTags('Audit log')
@ApiBearerAuth()
@Controller('audit_log')
export class AuditLogController {
  constructor(private readonly auditLog: AuditLog) {}

  @Get()
  @Requires('administer_team')
  @ApiOkResponse({ type: [AuditResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: AuditQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditView[]> {
    return paged(request, reply, query, await this.auditLog.list(caller.teamId, query));
  }
}
