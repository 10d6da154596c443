import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { hours } from '#platform/housekeeping/old-rows';
import { claim } from '#platform/idempotency/claim';
import { idempotencyKeyReused } from '#platform/idempotency/errors';
import type { RequestKey } from '#kernel/request-key';
import { IdempotencyRecords } from '../../domain/ports.js';

@Injectable()
export class PostgresIdempotencyRecords extends IdempotencyRecords {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {
    super();
  }

  async recall(request: RequestKey): Promise<object | null> {
    await claim(this.database, request);
    const { teamId, userId, path, key, body } = request;
    const first = await this.database.first<{ body: string; answer: object }>(sql`
      select body, answer from background_checks.idempotency_record
      where team_id = ${teamId} and user_id = ${userId} and path = ${path} and key = ${key}
        and created_at > now() - ${hours(this.settings.idempotencyHours)}`);
    if (!first) return null;
    if (first.body !== body) throw idempotencyKeyReused();
    return first.answer;
  }

  async remember({ teamId, userId, path, key, body }: RequestKey, checkId: string, answer: object): Promise<void> {
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
}
