import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { AccessLevel } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { BrowserSessions, type LiveSession } from '#platform/auth/ports';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { sessionEnded } from '../../domain/errors.js';
import { idOf } from '../postgres/postgres-sessions.js';
import { AccessSettings } from '../../settings.js';

/** `last_seen_at` is written at most this often. A write in every request would be its slowest part. */
const seenEverySeconds = 60;

interface Row {
  team_id: string;
  id: Id;
  name: string;
  access_level: AccessLevel;
  linked_candidate_ids: Id[];
  ends_at: number;
  authenticated_at: number;
  seen_long_ago: boolean;
}

/** Reads the session of a cookie and its user from the database at each request, so that an ended session is refused on every replica. */
@Injectable()
export class SessionAuthenticator extends BrowserSessions {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
    private readonly access: AccessSettings,
  ) {
    super();
  }

  async resume(token: string, { keepAlive }: { keepAlive: boolean }): Promise<LiveSession> {
    return acrossTeams('sign-in', async () => {
      const row = await this.find(idOf(token));
      if (!row) throw sessionEnded();
      if (keepAlive && row.seen_long_ago) await this.markSeen(idOf(token));
      const { team_id: teamId, id, name, access_level: level, linked_candidate_ids: ownCandidateIds } = row;
      return {
        user: { teamId, id, name, level, ownCandidateIds },
        endsAt: new Date(row.ends_at),
        recentUntil: this.recentUntil(row),
      };
    });
  }

  private find(id: Buffer): Promise<Row | null> {
    return this.database.first(sql<Row>`
      select u.team_id, u.id, u.name, u.access_level, u.linked_candidate_ids,
        extract(epoch from s.ends_at)::float8 * 1000 as ends_at,
        extract(epoch from s.authenticated_at)::float8 * 1000 as authenticated_at,
        s.last_seen_at < now() - make_interval(secs => ${seenEverySeconds}) as seen_long_ago
      from access.session s
      join access.user_account u on u.team_id = s.team_id and u.id = s.user_id
      join access.sign_in d on d.team_id = s.team_id and d.user_id = s.user_id
      where s.id = ${id} and not u.disabled and ${this.stillTheSamePerson} and s.ends_at > now()
        and s.last_seen_at > now() - make_interval(mins => ${this.access.sessions.idleMinutes})`);
  }

  /** The entry of the sign-in directory may have been given to another person during this sign-in. */
  private get stillTheSamePerson(): RawBuilder<boolean> {
    if (this.settings.localRun) return sql`s.issuer = ${this.settings.publicUrl}`;
    return sql`d.issuer = s.issuer and d.external_id = s.subject`;
  }

  /** Reckoned from when the person last proved to the identity provider who they are. */
  private recentUntil({ authenticated_at: authenticatedAt }: Row): Date | null {
    const { recentMinutes } = this.access.sessions;
    return recentMinutes === 0 ? null : new Date(authenticatedAt + recentMinutes * 60_000);
  }

  private async markSeen(id: Buffer): Promise<void> {
    await this.database.affected(sql`
      update access.session set last_seen_at = now()
      where id = ${id} and last_seen_at < now() - make_interval(secs => ${seenEverySeconds})`);
  }
}
