import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { DomainError } from '#kernel/errors';
import { notSignedIn } from '../../domain/errors.js';
import { verifiedIdentity } from '../../domain/sign-in-directory.js';
import { type Identity, IdentityProvider } from './identity-provider.js';

/** Asymmetric ones only: a public key can then never be passed off as a shared secret. */
export const acceptedAlgorithms = ['RS256', 'ES256', 'EdDSA'];

/** Claims that only ID tokens carry: those are for the console to read, not for us to accept. */
const idTokenClaims = ['nonce', 'at_hash', 'c_hash'];

/** The token is at fault, as opposed to the way to the provider's keys. */
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
  new DomainError('unavailable', 'sign_in_unavailable', 'Sign-in cannot be checked just now. Try again.', {}, 5);

/** Access tokens of the company's identity provider, against its published key set. Keys named by a token are ignored. */
export class OidcProvider extends IdentityProvider {
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly auth: { issuer: string; audience: string; jwksUrl: string }) {
    super();
    this.keys = createRemoteJWKSet(new URL(auth.jwksUrl));
  }

  async verify(token: string): Promise<Identity> {
    const claims = await this.claims(token);
    const identity = verifiedIdentity(claims);
    if (!identity || idTokenClaims.some((claim) => claim in claims)) throw notSignedIn();
    return identity;
  }

  private async claims(token: string): Promise<JWTPayload> {
    try {
      const { issuer, audience } = this.auth;
      const options = { issuer, audience, algorithms: acceptedAlgorithms, requiredClaims: ['exp', 'sub'] };
      return (await jwtVerify(token, this.keys, options)).payload;
    } catch (error) {
      throw tokenFaults.some((fault) => error instanceof fault) ? notSignedIn() : providerUnreachable();
    }
  }
}
