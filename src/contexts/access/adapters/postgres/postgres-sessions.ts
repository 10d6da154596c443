import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { signInEndedChannel } from '#platform/auth/ports';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { type ProviderLogout, type SessionOwner, Sessions, type SignInProof } from '../../domain/sessions.js';

/** 256 random bits: nothing to guess, and a plain hash of them is as good as a slow one. */
const tokenBytes = 32;

export const idOf = (token: string): Buffer => createHash('sha256').update(token).digest();

@Injectable()
export class PostgresSessions extends Sessions {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {
    super();
  }

  async start({ teamId, userId }: SessionOwner, proof: SignInProof): Promise<string> {
    const token = randomBytes(tokenBytes).toString('base64url');
    const { issuer, subject, providerSessionId, authenticatedAt } = proof;
    await this.database.affected(sql`
      insert into access.session (id, team_id, user_id, issuer, subject, provider_session_id,
        authenticated_at, created_at, last_seen_at, ends_at)
      values (${idOf(token)}, ${teamId}, ${userId}, ${issuer}, ${subject}, ${providerSessionId},
        ${authenticatedAt}, now(), now(), now() + make_interval(hours => ${this.settings.sessions.hours}))`);
    return token;
  }

  async end(token: string): Promise<SessionOwner | null> {
    const [owner] = await this.remove(sql`id = ${idOf(token)}`);
    return owner ?? null;
  }

  async endAllOf({ teamId, userId }: SessionOwner): Promise<void> {
    await this.remove(sql`team_id = ${teamId} and user_id = ${userId}`);
  }

  async endAtProvider({ issuer, subject, providerSessionId }: ProviderLogout): Promise<SessionOwner[]> {
    if (subject === null && providerSessionId === null) return [];
    const ofPerson = subject === null ? sql`` : sql`and subject = ${subject}`;
    const ofSession = providerSessionId === null ? sql`` : sql`and provider_session_id = ${providerSessionId}`;
    return this.remove(sql`issuer = ${issuer} ${ofPerson} ${ofSession}`);
  }

  async takeLogoutToken(tokenId: string, until: Date): Promise<boolean> {
    const taken = await this.database.affected(sql`
      insert into access.used_logout_token (id, expires_at) values (${idOf(tokenId)}, ${until}) on conflict do nothing`);
    return taken === 1;
  }

  /** The replicas are told when, and only if, the removal is committed. */
  private async remove(which: RawBuilder<unknown>): Promise<SessionOwner[]> {
    return this.database.rows(sql<SessionOwner>`
      with gone as (delete from access.session where ${which} returning team_id, user_id)
      select team_id as "teamId", user_id as "userId", pg_notify(${signInEndedChannel}, user_id::text) from gone`);
  }
}
