import type { Id } from '#kernel/id';
import type { VerifiedClient } from '../../domain/service-accounts.js';
import type { VerifiedIdentity } from '../../domain/sign-in-directory.js';

/**
 * What a verified token says about its bearer. Local tokens name our own user; others name a person at the provider, or a client that
 * signed in by itself.
 */
export type Identity = { userId: Id } | (VerifiedIdentity & { client: VerifiedClient | null });

/** Verifies bearer tokens. Throws 401 for a token that is not valid now, 503 when the provider's keys cannot be fetched. */
export abstract class IdentityProvider {
  abstract verify(token: string): Promise<Identity>;
}
