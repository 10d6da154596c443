import { Injectable } from '@nestjs/common';
import type { SignedInUser } from '#kernel/caller';
import { Authenticator, type Origin } from '#platform/auth/ports';
import { chooseTeam, notSignedIn } from '../../domain/errors.js';
import { SignInDirectory } from '../../domain/sign-in-directory.js';
import { IdentityProvider } from './identity-provider.js';

/** Finds the person in the sign-in directory at each request, so that a change by an admin takes effect at the next one. */
@Injectable()
export class TokenAuthenticator extends Authenticator {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly directory: SignInDirectory,
  ) {
    super();
  }

  async authenticate(bearer: string, origin: Origin): Promise<SignedInUser> {
    const identity = await this.provider.verify(bearer);
    if ('userId' in identity) {
      const user = await this.directory.user(identity.userId);
      if (!user) throw notSignedIn();
      return user;
    }
    const outcome = await this.directory.find(identity, origin);
    if (!outcome) throw notSignedIn();
    if (outcome.kind === 'choose') throw chooseTeam(outcome.choices);
    return outcome.user;
  }
}
