import { createRemoteJWKSet, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { Injectable } from '@nestjs/common';
import { notFound } from '#kernel/errors';
import { Clock } from '#kernel/ports';
import { Settings } from '#platform/config/settings';
import { malformedLogout } from '../../domain/errors.js';
import type { LogoutNotice } from '../../domain/sessions.js';
import { acceptedAlgorithms } from './oidc-provider.js';

/** Older ones are refused; taken ones are remembered longer than that. */
const maxAgeSeconds = 300;
const clockToleranceSeconds = 60;
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** What the provider tells us behind the browser's back (OpenID Connect Back-Channel Logout 1.0). */
@Injectable()
export class LogoutTokens {
  private readonly keys: JWTVerifyGetKey | null;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    const { auth } = settings;
    this.keys = auth && createRemoteJWKSet(new URL(auth.jwksUrl));
  }

  /** Throws 400 for everything that is no good logout token of our provider's for us. */
  async verify(token: string): Promise<LogoutNotice> {
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
