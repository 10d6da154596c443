import { Body, Controller, Get, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
  PartialType,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import { NeverDeleted } from '#platform/http/deletion';
import { AnyOf, ListQuery, mostTexts } from '#platform/http/filters';
import { IdField, IdFilter, IdInPath } from '#platform/http/ids';
import { paged } from '#platform/http/paging';
import { SearchText } from '#platform/http/text';
import { MakesOne } from '#platform/idempotency/makes-one';
import { Refuses } from '#platform/http/refuses';
import { candidateAnonymised, externalIdTaken } from '../../domain/errors.js';
import { Versioned } from '#platform/http/version.interceptor';
import { ChangeCandidate } from '../../application/change-candidate.js';
import { CreateCandidate } from '../../application/create-candidate.js';
import { newCandidate } from '../../application/imported-fields.js';
import {
  candidateDetails,
  CandidateFields,
  ExternalIdField,
  ExternalIdFilter,
  ExternalIdResponse,
  PhoneFields,
} from './record-fields.js';
import { CandidatesView, type CandidateView } from '../../views/candidates.js';

class CreateCandidateRequest extends CandidateFields {
  @ExternalIdField() external_id?: string | null;
}
class ChangeCandidateRequest extends PartialType(CreateCandidateRequest, { skipNullProperties: false }) {}

const Filter = () => ApiProperty({ type: [String], required: false });

class CandidatesQuery extends ListQuery {
  @AnyOf(mostTexts) @SearchText(true) @Filter() search?: string[];
  @AnyOf() @SearchText(true) @Filter() email?: string[];
  @ExternalIdFilter() external_id?: string[];
  @IdFilter() job_id?: Id[];
}

class EmailResponse {
  @ApiProperty() value!: string;
  @ApiProperty() is_primary!: boolean;
}

export class CandidateResponse implements CandidateView {
  @IdField() id!: string;
  @ExternalIdResponse() external_id!: string | null;
  @ApiProperty() first_name!: string;
  @ApiProperty() last_name!: string;
  @ApiProperty({ type: [EmailResponse] }) email_addresses!: EmailResponse[];
  @ApiProperty({ type: [PhoneFields] }) phone_numbers!: PhoneFields[];
  @ApiProperty({ type: 'array', items: { type: 'string', format: 'uuid' } }) application_ids!: string[];
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) anonymised_at!: string | null;
  @ApiProperty({ description: 'While true, neither a user nor a rule can anonymise the candidate' })
  legal_hold!: boolean;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
  @NeverDeleted('a candidate is anonymised') deleted_at!: null;
}

@ApiTags('Candidates')
@ApiBearerAuth()
@Controller('candidates')
export class CandidatesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly candidates: CandidatesView,
    private readonly ids: Ids,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listCandidates', summary: 'List candidates' })
  @NeedsScope('candidates:read')
  @ApiOkResponse({ type: [CandidateResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: CandidatesQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CandidateView[]> {
    return paged(request, reply, query, () => this.candidates.list(caller, query));
  }

  @Post()
  @ApiOperation({ operationId: 'createCandidate', summary: 'Create a candidate' })
  @NeedsScope('candidates:write')
  @Refuses(externalIdTaken('candidate', null), candidateAnonymised())
  @Requires('create_records', undefined, 'candidate.create')
  @MakesOne('candidate.create', 'one')
  @ApiCreatedResponse({ type: CandidateResponse })
  async create(@CurrentCaller() caller: Caller, @Body() body: CreateCandidateRequest): Promise<CandidateView> {
    const id = this.ids.next();
    await this.commands.execute(new CreateCandidate(caller, id, newCandidate(candidateDetails(body))));
    return this.one(caller, id);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getCandidate', summary: 'Read a candidate' })
  @NeedsScope('candidates:read')
  @Versioned('candidate')
  @Requires(null, 'candidate')
  @ApiOkResponse({ type: CandidateResponse })
  async one(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<CandidateView> {
    const candidate = await this.candidates.one(caller, id);
    if (!candidate) throw notFound();
    return candidate;
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'updateCandidate', summary: 'Change a candidate' })
  @NeedsScope('candidates:write')
  @Refuses(candidateAnonymised(), externalIdTaken('candidate', null))
  @Versioned('candidate')
  @Requires('edit_job', 'candidate', 'candidate.update')
  @ApiOkResponse({ type: CandidateResponse })
  async change(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body() body: ChangeCandidateRequest,
  ): Promise<CandidateView> {
    await this.commands.execute(new ChangeCandidate(caller, id, candidateDetails(body)));
    return this.one(caller, id);
  }
}
