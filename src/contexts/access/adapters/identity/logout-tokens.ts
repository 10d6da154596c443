import { createRemoteJWKSet, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { Injectable } from '@nestjs/common';
import { notFound } from '#kernel/errors';
import { Clock } from '#kernel/ports';
import { malformedLogout } from '../../domain/errors.js';
import type { VerifiedLogout } from '../../domain/sessions.js';
import { acceptedAlgorithms } from './oidc-provider.js';
import { AccessSettings } from '../../settings.js';

/** Older tokens are refused. Used tokens are remembered for longer than this, so that none is accepted twice. */
const maxAgeSeconds = 300;
const clockToleranceSeconds = 60;
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Verifies the logout tokens that the provider sends directly to us (OpenID Connect Back-Channel Logout 1.0). */
@Injectable()
export class LogoutTokens {
  private readonly keys: JWTVerifyGetKey | null;

  constructor(
    private readonly settings: AccessSettings,
    private readonly clock: Clock,
  ) {
    const { auth } = settings;
    this.keys = auth && createRemoteJWKSet(new URL(auth.jwksUrl));
  }

  /** Throws 400 for everything but a valid logout token of our provider for our client. */
  async verify(token: string): Promise<VerifiedLogout> {
    const { auth } = this.settings;
    if (!auth?.clientId || !this.keys) throw notFound();
    const { issuer, clientId: audience } = auth;
    const { payload } = await jwtVerify(token, this.keys, {
      issuer,
      audience,
      algorithms: acceptedAlgorithms,
      maxTokenAge: maxAgeSeconds,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['iat', 'jti', 'events'],
      currentDate: this.clock.now(),
    }).catch(() => {
      throw malformedLogout();
    });
    const { sub, jti = '', iat = 0, events } = payload;
    const sid = typeof payload['sid'] === 'string' ? payload['sid'] : null;
    const isLogout = typeof events === 'object' && events !== null && logoutEvent in events;
    if (!isLogout || 'nonce' in payload || jti === '' || (sub === undefined && sid === null)) throw malformedLogout();
    return { issuer, subject: sub ?? null, providerSessionId: sid, tokenId: jti, issuedAt: new Date(iat * 1000) };
  }
}
