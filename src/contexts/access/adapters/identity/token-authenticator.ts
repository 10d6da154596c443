import { Injectable } from '@nestjs/common';
import type { SignedInUser } from '#kernel/caller';
import { Authenticator, type Origin } from '#platform/auth/ports';
import { chooseTeam, notSignedIn } from '../../domain/errors.js';
import { accountOf, MachineDirectory, narrowed, type VerifiedClient } from '../../domain/service-accounts.js';
import { SignInDirectory } from '../../domain/sign-in-directory.js';
import { IdentityProvider } from './identity-provider.js';

/** Finds the person in the sign-in directory, or the service account of a client, at each request, so that a change by an admin takes effect at the next one. */
@Injectable()
export class TokenAuthenticator extends Authenticator {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly directory: SignInDirectory,
    private readonly machines: MachineDirectory,
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
    const account = identity.client && (await this.accountOf(identity.client, origin));
    if (account) return account;
    const outcome = await this.directory.find(identity, origin);
    if (!outcome) throw notSignedIn();
    if (outcome.kind === 'choose') throw chooseTeam(outcome.choices);
    return outcome.user;
  }

  /** null: no team has linked the client. Then its token is a person's, as whom an admin may have entered it by its subject. */
  private async accountOf({ scopes, ...client }: VerifiedClient, { teamId }: Origin): Promise<SignedInUser | null> {
    const found = accountOf(await this.machines.linkedTo(client), teamId);
    if (!found) return null;
    if (found.isUseDue) await this.machines.noteUse(found.account);
    return narrowed(found.account, scopes);
  }
}
