import { Logger } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyResult } from 'jose';
import { DomainError } from '#kernel/errors';
import type { Clock } from '#kernel/ports';
import { notSignedIn } from '../../domain/errors.js';
import { verifiedIdentity } from '../../domain/sign-in-directory.js';
import { brokenRule, machineClientIn, type TokenPolicy } from './access-token.js';
import { type Identity, IdentityProvider } from './identity-provider.js';

export interface OidcSettings {
  issuer: string;
  audience: string;
  jwksUrl: string;
  tokens: TokenPolicy;
}

/** Only asymmetric algorithms, so that a token cannot be signed with our public key as a shared secret. */
export const acceptedAlgorithms = ['RS256', 'ES256', 'EdDSA'];

/** Errors of the token itself. Any other error means that the provider's keys could not be fetched. */
const tokenFaults = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

const providerUnreachable = (): DomainError =>
  new DomainError('unavailable', 'sign_in_unavailable', 'Sign-in is temporarily unavailable. Try again.', {}, 5);

/** Verifies access tokens of the company's identity provider with its published key set. Keys that a token names are ignored. */
export class OidcProvider extends IdentityProvider {
  private readonly log = new Logger('sign-in');
  private readonly reported = new Set<string>();
  private readonly keys: JWTVerifyGetKey;

  constructor(
    private readonly auth: OidcSettings,
    private readonly clock: Clock,
  ) {
    super();
    this.keys = createRemoteJWKSet(new URL(auth.jwksUrl));
  }

  async verify(token: string): Promise<Identity> {
    const { payload, protectedHeader } = await this.verified(token);
    const broken = brokenRule(payload, protectedHeader, this.auth.tokens, this.clock.now());
    if (broken !== null) this.report(broken);
    const identity = broken === null ? verifiedIdentity(payload) : null;
    if (!identity) throw notSignedIn();
    return { ...identity, client: machineClientIn(payload) };
  }

  /** Only tokens of the provider itself get here, so the cause is a setting. Logged once per rule, not per request. */
  private report(rule: string): void {
    if (this.reported.has(rule)) return;
    this.reported.add(rule);
    this.log.warn({ rule }, 'A token of the identity provider was refused. See the AUTH_ settings in the README.');
  }

  private async verified(token: string): Promise<JWTVerifyResult> {
    try {
      const { issuer, audience } = this.auth;
      const algorithms = acceptedAlgorithms;
      const options = { issuer, audience, algorithms, requiredClaims: ['exp', 'iat', 'sub'] };
      return await jwtVerify(token, this.keys, { ...options, currentDate: this.clock.now() });
    } catch (error) {
      throw tokenFaults.some((fault) => error instanceof fault) ? notSignedIn() : providerUnreachable();
    }
  }
}
