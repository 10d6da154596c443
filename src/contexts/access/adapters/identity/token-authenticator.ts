import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { AccessLevel } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Authenticator, type SignedInUser } from '#platform/auth/ports';
import { Database } from '#platform/database/database';
import { notSignedIn } from '../../domain/errors.js';
import { type Identity, IdentityProvider } from './identity-provider.js';

interface Row {
  team_id: string;
  id: Id;
  name: string;
  access_level: AccessLevel;
  disabled: boolean;
  linked_candidate_ids: Id[];
}

/** Finds the person in the sign-in directory, anew each time: what an admin changes counts at the next request. */
@Injectable()
export class TokenAuthenticator extends Authenticator {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly database: Database,
  ) {
    super();
  }

  async authenticate(bearer: string): Promise<SignedInUser> {
    const identity = await this.provider.verify(bearer);
    const user = await this.database.first(personBehind(identity));
    if (!user || user.disabled) throw notSignedIn();
    return {
      teamId: user.team_id,
      id: user.id,
      name: user.name,
      level: user.access_level,
      ownCandidateIds: user.linked_candidate_ids,
    };
  }
}

function personBehind(identity: Identity): RawBuilder<Row> {
  return sql<Row>`
    select u.team_id, u.id, u.name, u.access_level, u.disabled, u.linked_candidate_ids
    from access.sign_in s join access.user_account u on u.team_id = s.team_id and u.id = s.user_id
    where ${directoryEntry(identity)}
    limit 1`;
}

/** The external id decides where there is one; the e-mail is for people who have not been matched by it. */
function directoryEntry(identity: Identity): RawBuilder<unknown> {
  if ('userId' in identity) return sql`s.user_id = ${identity.userId}`;
  const { externalId, verifiedEmail } = identity;
  return sql`(s.external_id = ${externalId} or s.email = ${verifiedEmail}::text)
    order by (s.external_id is not distinct from ${externalId}) desc`;
}
