import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Public } from '#platform/auth/requires';
import { mustBeSameOrigin } from '#platform/auth/same-origin';
import { Settings } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { IsId } from '#platform/http/ids';
import { Refuses } from '#platform/http/refuses';
import { notSignedIn, sessionEnded } from '../../domain/errors.js';
import { Sessions } from '../../domain/sessions.js';
import { SignInDirectory } from '../../domain/sign-in-directory.js';
import { BrowserSignIn } from './browser-sign-in.js';
import { ReferenceResponse } from './person.dto.js';
import { type OpenQuestion, TeamQuestion } from './team-question.js';

class ChooseTeamRequest {
  @IsId()
  team_id!: Id;
}

class EnteredResponse {
  @ApiProperty({ description: 'The console page that was requested before signing in' })
  return_to!: string;
}

/** The last step of signing in with a browser for people whom several teams list. */
@Public()
@ApiTags('Sign-in')
@Controller('auth/teams')
export class TeamChoiceController {
  constructor(
    private readonly question: TeamQuestion,
    private readonly directory: SignInDirectory,
    private readonly browserSignIn: BrowserSignIn,
    private readonly sessions: Sessions,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listTeamChoices', summary: 'List the teams that the signing-in person may choose' })
  @Refuses(notSignedIn(), sessionEnded(), ['too_many', 'too_many_failed_sign_ins'])
  @ApiOkResponse({ type: [ReferenceResponse] })
  async teams(@Req() request: FastifyRequest): Promise<ReferenceResponse[]> {
    const question = await this.openQuestion(request);
    const choices = await this.directory.choices(question.proof);
    return choices.map(({ teamId: id, teamName: name }) => ({ id, name }));
  }

  @Post()
  @ApiOperation({ operationId: 'chooseTeam', summary: 'Choose a team and start the session' })
  @Refuses(notSignedIn(), sessionEnded(), ['forbidden', 'cross_site_request'], ['too_many', 'too_many_failed_sign_ins'])
  @HttpCode(200)
  @ApiOkResponse({ type: EnteredResponse })
  async choose(
    @Body() { team_id }: ChooseTeamRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnteredResponse> {
    mustBeSameOrigin(request, this.settings.publicUrl);
    const question = await this.openQuestion(request);
    const outcome = await this.browserSignIn.enter(question.proof, team_id, request, reply);
    if (outcome !== 'entered') throw unknownReference('team_id');
    this.question.answered(reply);
    return { return_to: question.returnTo };
  }

  /** Throws 401 when no choice is open, or when the provider has meanwhile ended the sign-in behind it. */
  private async openQuestion(request: FastifyRequest): Promise<OpenQuestion> {
    const question = this.question.of(request);
    if (!question) throw notSignedIn();
    const ended = await acrossTeams('sign-in', () => this.sessions.wasEndedMeanwhile(question.proof));
    if (ended) throw sessionEnded();
    return question;
  }
}
