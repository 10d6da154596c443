import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { hours } from '#platform/housekeeping/old-rows';
import { idempotencyInProgress, idempotencyKeyReused } from '../../domain/errors.js';
import { IdempotencyRecords, type SendKey } from '../../domain/ports.js';
import { BackgroundChecksSettings } from '../../settings.js';

@Injectable()
export class PostgresIdempotencyRecords extends IdempotencyRecords {
  constructor(
    private readonly database: Database,
    private readonly settings: BackgroundChecksSettings,
  ) {
    super();
  }

  async recall({ teamId, userId, path, key, body }: SendKey): Promise<object | null> {
    await this.claim([teamId, userId, path, key].join('\n'));
    const first = await this.database.first<{ body: string; answer: object }>(sql`
      select body, answer from background_checks.idempotency_record
      where team_id = ${teamId} and user_id = ${userId} and path = ${path} and key = ${key}
        and created_at > now() - ${hours(this.settings.idempotencyHours)}`);
    if (!first) return null;
    if (first.body !== body) throw idempotencyKeyReused();
    return first.answer;
  }

  async remember({ teamId, userId, path, key, body }: SendKey, checkId: string, answer: object): Promise<void> {
    await this.database.affected(sql`
      insert into background_checks.idempotency_record (team_id, user_id, path, key, body, check_id, answer, created_at)
      values (${teamId}, ${userId}, ${path}, ${key}, ${body}, ${checkId}, ${JSON.stringify(answer)}::jsonb, now())
      on conflict (team_id, user_id, path, key) do update
        set body = excluded.body, check_id = excluded.check_id, answer = excluded.answer, created_at = now()`);
  }

  async erase(teamId: string, checkId: string): Promise<void> {
    await this.database.affected(sql`
      delete from background_checks.idempotency_record where team_id = ${teamId} and check_id = ${checkId}`);
  }

  /** Takes a lock until the transaction ends, or fails at once. Waiting would occupy a connection for every repeated request. */
  private async claim(name: string): Promise<void> {
    const lock = await this.database.first<{ taken: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as taken`,
    );
    if (!lock?.taken) throw idempotencyInProgress();
  }
}
