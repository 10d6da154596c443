import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { signInEndedChannel } from '#platform/auth/ports';
import { Database } from '#platform/database/database';
import {
  type VerifiedLogout,
  type ProviderLogout,
  type SessionOwner,
  Sessions,
  type SignInProof,
} from '../../domain/sessions.js';
import { AccessSettings } from '../../settings.js';

/** 256 random bits cannot be guessed, so a fast hash of them is as safe as a slow one. */
const tokenBytes = 32;

/** A sign-in may take ten minutes at the provider and ten more for the choice of a team. Logout tokens are refused after six minutes. */
const logoutMinutes = 25;

export const idOf = (token: string): Buffer => createHash('sha256').update(token).digest();

@Injectable()
export class PostgresSessions extends Sessions {
  constructor(
    private readonly database: Database,
    private readonly settings: AccessSettings,
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

  async now(): Promise<Date> {
    const row = await this.database.first(sql<{ ms: number }>`
      select extract(epoch from clock_timestamp())::float8 * 1000 as ms`);
    return new Date(row?.ms ?? Date.now());
  }

  async wasEndedMeanwhile(proof: SignInProof): Promise<boolean> {
    const { subject, session } = hashed(proof);
    await this.lock(subject, session);
    const row = await this.database.first(sql<{ ended: boolean }>`
      select exists (
        select from access.used_logout_token
        where (subject = ${subject} or (subject is null and provider_session = ${session}))
          and (provider_session is null or provider_session = ${session})
          and received_at >= ${proof.askedAt}
          and (${proof.saidAuthenticatedAt}::timestamptz is null or issued_at >= ${proof.saidAuthenticatedAt})) as ended`);
    return row?.ended ?? false;
  }

  async takeLogout(logout: VerifiedLogout): Promise<boolean> {
    const { subject, session } = hashed(logout);
    await this.lock(subject, session);
    const taken = await this.database.affected(sql`
      insert into access.used_logout_token (id, subject, provider_session, issued_at, received_at, expires_at)
      values (${idOf(logout.tokenId)}, ${subject}, ${session}, ${logout.issuedAt}, clock_timestamp(),
              now() + make_interval(mins => ${logoutMinutes})) on conflict do nothing`);
    return taken === 1;
  }

  /** Serialises logouts and session starts of one person, and of one session at the provider. */
  private async lock(...names: (Buffer | null)[]): Promise<void> {
    for (const name of names) {
      if (name)
        await this.database.rows(
          sql`select pg_advisory_xact_lock(hashtextextended(${`sign-in/${name.toString('hex')}`}, 0))`,
        );
    }
  }

  /** The replicas are notified if and when the removal is committed. */
  private async remove(which: RawBuilder<unknown>): Promise<SessionOwner[]> {
    const rows = await this.database.rows(sql<SessionOwner>`
      with gone as (delete from access.session where ${which} returning team_id, user_id)
      select team_id as "teamId", user_id as "userId", pg_notify(${signInEndedChannel}, user_id::text) from gone`);
    return rows.map(({ teamId, userId }) => ({ teamId, userId }));
  }
}

/** The subject and the session that a proof or a logout names, as hashes. The readable values are not stored. */
const hashed = ({ issuer, subject, providerSessionId }: ProviderLogout) => ({
  subject: subject === null ? null : idOf(`subject ${issuer} ${subject}`),
  session: providerSessionId === null ? null : idOf(`session ${issuer} ${providerSessionId}`),
});
