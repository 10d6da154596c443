import type { Id } from '#kernel/id';
import type { VerifiedIdentity } from '../../domain/sign-in-directory.js';

/** What a verified token says about its bearer. Local tokens name our own user; others name a person at the provider. */
export type Identity = { userId: Id } | VerifiedIdentity;

/** Verifies bearer tokens. Throws 401 for a token that is not valid now, 503 when the provider's keys cannot be fetched. */
export abstract class IdentityProvider {
  abstract verify(token: string): Promise<Identity>;
}
