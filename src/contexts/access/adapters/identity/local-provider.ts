import { createECDH, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { type Id, readId } from '#kernel/id';
import type { Clock } from '#kernel/ports';
import { notSignedIn } from '../../domain/errors.js';
import { type Identity, IdentityProvider } from './identity-provider.js';

const curve = 'prime256v1';
const audience = 'ats';
export const localTokenSeconds = 3600;

/**
 * The identity provider of a local run. Its ES256 key is derived from the installation's first credentials key, so that
 * restarts and replicas share it without storing it.
 */
export class LocalProvider extends IdentityProvider {
  private readonly privateKey: KeyObject;
  private readonly publicKey: KeyObject;

  constructor(
    private readonly issuer: string,
    secret: Buffer,
    private readonly clock: Clock,
  ) {
    super();
    this.privateKey = signingKey(secret);
    this.publicKey = createPublicKey(this.privateKey);
  }

  async issue(userId: Id): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer(this.issuer)
      .setAudience(audience)
      .setSubject(userId)
      .setIssuedAt(now)
      .setExpirationTime(now + localTokenSeconds)
      .sign(this.privateKey);
  }

  async verify(token: string): Promise<Identity> {
    const options = {
      issuer: this.issuer,
      audience,
      algorithms: ['ES256'],
      typ: 'at+jwt',
      maxTokenAge: localTokenSeconds,
      requiredClaims: ['exp', 'sub'],
      currentDate: this.clock.now(),
    };
    const verified = await jwtVerify(token, this.publicKey, options).catch(() => null);
    const userId = readId(verified?.payload.sub);
    if (!userId) throw notSignedIn();
    return { userId };
  }
}

function signingKey(secret: Buffer): KeyObject {
  const d = Buffer.from(hkdfSync('sha256', secret, '', 'local sign-in', 32));
  const pair = createECDH(curve);
  pair.setPrivateKey(d);
  const point = pair.getPublicKey(); // 04 ‖ x ‖ y
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  return createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d: d.toString('base64url'), x, y }, format: 'jwk' });
}
