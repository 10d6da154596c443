import {
  Body,
  type CanActivate,
  Controller,
  Get,
  Header,
  HttpCode,
  Injectable,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound, unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Public } from '#platform/auth/requires';
import { mustBeSameOrigin } from '#platform/auth/same-origin';
import { Settings } from '#platform/config/settings';
import { IsId } from '#platform/http/ids';
import { SignInDirectory } from '../../domain/sign-in-directory.js';
import { type SignInChoice, SignInChoicesView } from '../../views/sign-in-choices.js';
import { IdentityProvider } from '../identity/identity-provider.js';
import { LocalProvider, localTokenSeconds } from '../identity/local-provider.js';
import { BrowserSignIn } from './browser-sign-in.js';
import { type DemoState, demoState } from './demo-state.js';
import { AccessSettings } from '../../settings.js';

class SignInRequest {
  @IsId()
  user_id!: Id;
}

interface Token {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
}

/** These routes answer 404 except in a local run. */
@Injectable()
class LocalRunOnly implements CanActivate {
  constructor(private readonly settings: Settings) {}

  canActivate(): boolean {
    if (!this.settings.localRun) throw notFound();
    return true;
  }
}

@Public()
@UseGuards(LocalRunOnly)
@ApiExcludeController()
@Controller('dev')
export class DevSignInController {
  constructor(
    private readonly choices: SignInChoicesView,
    private readonly directory: SignInDirectory,
    private readonly provider: IdentityProvider,
    private readonly browserSignIn: BrowserSignIn,
    private readonly settings: Settings,
    private readonly access: AccessSettings,
  ) {}

  @Get('users')
  @Header('Cache-Control', 'no-store')
  async users(): Promise<SignInChoice[]> {
    return this.choices.all();
  }

  /** The sign-in page asks this, because it lists only some people, or none, before the demo data is complete. */
  @Get('demo')
  @Header('Cache-Control', 'no-store')
  demo(): Promise<DemoState> {
    return demoState(this.access.demoStateFile);
  }

  @Post('sign-in')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async signIn(@Body() { user_id }: SignInRequest): Promise<Token> {
    if (!(this.provider instanceof LocalProvider)) throw notFound();
    if (!(await this.directory.user(user_id))) throw unknownReference('user_id');
    return { access_token: await this.provider.issue(user_id), token_type: 'Bearer', expires_in: localTokenSeconds };
  }

  /** For the console. It sets a session cookie, like a sign-in at the company's provider. */
  @Post('sessions')
  @HttpCode(204)
  async startSession(
    @Body() { user_id }: SignInRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { publicUrl: issuer } = this.settings;
    mustBeSameOrigin(request, issuer);
    const user = await this.directory.user(user_id);
    if (!user) throw unknownReference('user_id');
    const now = new Date();
    const proof = { issuer, subject: user.id, providerSessionId: null, authenticatedAt: now };
    await this.browserSignIn.start(user, { ...proof, saidAuthenticatedAt: null, askedAt: now }, request, reply);
  }
}
