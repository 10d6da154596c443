import { Body, Controller, HttpCode, Post, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
} from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import { IdInPath } from '#platform/http/ids';
import { Refuses } from '#platform/http/refuses';
import { Versioned } from '#platform/http/version.interceptor';
import { candidateAnonymised, legalHold, ownRecord } from '../../domain/errors.js';
import { AnonymiseCandidate } from '../../application/anonymise-candidate.js';
import { HoldCandidate } from '../../application/hold-candidate.js';
import { CandidatesView, type CandidateView } from '../../views/candidates.js';
import { CandidateResponse } from './candidates.controller.js';

class LegalHoldRequest {
  @IsBoolean() @ApiProperty() held!: boolean;
}

@ApiTags('Candidates')
@ApiBearerAuth()
@Controller('candidates/:id')
export class AnonymisingController {
  constructor(
    private readonly commands: CommandBus,
    private readonly candidates: CandidatesView,
  ) {}

  @Post('anonymise')
  @ApiOperation({ operationId: 'anonymiseCandidate', summary: 'Anonymise a candidate for good' })
  @Refuses(legalHold(), ownRecord())
  @HttpCode(204)
  @Versioned('candidate')
  @Requires('administer_team', 'candidate', 'candidate.anonymise')
  @ApiNoContentResponse({
    description: "Done, or done before. The candidate's checks are cancelled and cleared within seconds.",
  })
  async anonymise(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<void> {
    await this.commands.execute(new AnonymiseCandidate(caller, id));
  }

  @Put('legal_hold')
  @ApiOperation({ operationId: 'setLegalHold', summary: 'Set or lift the legal hold of a candidate' })
  @Refuses(candidateAnonymised())
  @Versioned('candidate')
  @Requires('administer_team', 'candidate', 'candidate.legal_hold')
  @ApiOkResponse({ type: CandidateResponse })
  async hold(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body() { held }: LegalHoldRequest,
  ): Promise<CandidateView> {
    await this.commands.execute(new HoldCandidate(caller, id, held));
    const candidate = await this.candidates.one(caller, id);
    if (!candidate) throw notFound();
    return candidate;
  }
}
