import { Body, Controller, Get, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiProperty, ApiTags, PartialType } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import { NeverDeleted } from '#platform/http/deletion';
import { AnyOf, ListQuery, mostTexts } from '#platform/http/filters';
import { IdFilter, IdInPath } from '#platform/http/ids';
import { paged } from '#platform/http/paging';
import { SearchText } from '#platform/http/text';
import { ChangeCandidate } from '../../application/change-candidate.js';
import { CreateCandidate } from '../../application/create-candidate.js';
import { newCandidate } from '../../application/imported-fields.js';
import { candidateDetails, CandidateFields, PhoneFields } from './record-fields.js';
import { CandidatesView, type CandidateView } from '../../views/candidates.js';

class CreateCandidateRequest extends CandidateFields {}
class ChangeCandidateRequest extends PartialType(CandidateFields, { skipNullProperties: false }) {}

const Filter = () => ApiProperty({ type: [String], required: false });

class CandidateQuery extends ListQuery {
  @AnyOf(mostTexts) @SearchText(true) @Filter() search?: string[];
  @AnyOf() @SearchText(true) @Filter() email?: string[];
  @IdFilter() job_id?: Id[];
}

class EmailResponse {
  @ApiProperty() value!: string;
  @ApiProperty() is_primary!: boolean;
}

export class CandidateResponse implements CandidateView {
  @ApiProperty() id!: string;
  @ApiProperty() first_name!: string;
  @ApiProperty() last_name!: string;
  @ApiProperty({ type: [EmailResponse] }) email_addresses!: EmailResponse[];
  @ApiProperty({ type: [PhoneFields] }) phone_numbers!: PhoneFields[];
  @ApiProperty({ type: [String] }) application_ids!: string[];
  @ApiProperty({ type: String, nullable: true }) anonymised_at!: string | null;
  @ApiProperty({ description: 'While true, neither a user nor a rule can anonymise the candidate' })
  legal_hold!: boolean;
  @ApiProperty() created_at!: string;
  @ApiProperty() updated_at!: string;
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
  @ApiOkResponse({ type: [CandidateResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: CandidateQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CandidateView[]> {
    return paged(request, reply, query, await this.candidates.list(caller, query));
  }

  @Post()
  @Requires('create_records', undefined, 'candidate.create')
  @ApiCreatedResponse({ type: CandidateResponse })
  async create(@CurrentCaller() caller: Caller, @Body() body: CreateCandidateRequest): Promise<CandidateView> {
    const id = this.ids.next();
    await this.commands.execute(new CreateCandidate(caller, id, newCandidate(candidateDetails(body))));
    return this.one(caller, id);
  }

  @Get(':id')
  @Requires(null, 'candidate')
  @ApiOkResponse({ type: CandidateResponse })
  async one(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<CandidateView> {
    const candidate = await this.candidates.one(caller, id);
    if (!candidate) throw notFound();
    return candidate;
  }

  @Patch(':id')
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
