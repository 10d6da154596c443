import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HostCookies, sessionCookie } from '#platform/auth/host-cookies';
import { Public } from '#platform/auth/requires';
import { mustBeSameOrigin } from '#platform/auth/same-origin';
import { Settings } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { Refuses } from '#platform/http/refuses';
import { TakesForm } from '#platform/http/route-marks';
import { EndSession, EndSessionsAtProvider } from '../../application/end-session.js';
import { malformedLogout } from '../../domain/errors.js';
import { LogoutTokens } from '../identity/logout-tokens.js';
import { OpenIdClient } from '../identity/openid-client.js';
import { TeamQuestion } from './team-question.js';

class SignedOutResponse {
  @ApiProperty({
    type: String,
    nullable: true,
    description: "The address that ends the identity provider's own session",
  })
  provider_url!: string | null;
}

/** Ends sessions, on request of the person in the browser or of the identity provider. */
@Public()
@ApiTags('Sign-in')
@Controller('auth')
export class SignOutController {
  constructor(
    private readonly commands: CommandBus,
    private readonly openId: OpenIdClient,
    private readonly logoutTokens: LogoutTokens,
    private readonly cookies: HostCookies,
    private readonly teamQuestion: TeamQuestion,
    private readonly settings: Settings,
  ) {}

  /** Also works when the session has expired, and while the person chooses a team. The cookies are cleared in any case. */
  @Post('sign-out')
  @ApiOperation({ operationId: 'signOut', summary: 'End the session of this browser' })
  @Refuses(['forbidden', 'cross_site_request'], ['too_many', 'too_many_failed_sign_ins'])
  @HttpCode(200)
  @ApiOkResponse({ type: SignedOutResponse })
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedOutResponse> {
    const token = this.cookies.read(request, sessionCookie);
    const choosing = this.teamQuestion.isAsked(request);
    if (token === null && !choosing) return { provider_url: null };
    mustBeSameOrigin(request, this.settings.publicUrl);
    if (choosing) this.teamQuestion.answered(reply);
    if (token !== null) {
      await acrossTeams('sign-in', () => this.commands.execute(new EndSession(token, request.ip)));
      this.cookies.clear(reply, sessionCookie);
    }
    return { provider_url: await this.openId.endSessionUrl() };
  }

  /** OpenID Connect Back-Channel Logout 1.0: form-encoded. Other fields of the form are ignored. */
  @Post('backchannel-logout')
  @TakesForm()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiExcludeEndpoint()
  async backChannelLogout(@Body() body: unknown): Promise<void> {
    const { logout_token: token } = (body ?? {}) as { logout_token?: unknown };
    if (typeof token !== 'string') throw malformedLogout();
    const logout = await this.logoutTokens.verify(token);
    await acrossTeams('sign-in', () => this.commands.execute(new EndSessionsAtProvider(logout)));
  }
}
