import type { Id } from '#kernel/id';
import type { VerifiedIdentity } from '../../domain/sign-in-directory.js';

/** What a verified token says about its bearer. Local tokens name our own user; others name a person at the provider. */
export type Identity = { userId: Id } | VerifiedIdentity;

/** Verifies bearer tokens; throws 401 for every token that is not good now, 503 when keys cannot be had. */
export abstract class IdentityProvider {
  abstract verify(token: string): Promise<Identity>;
}
