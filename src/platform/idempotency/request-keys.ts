import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Fingerprints } from '#kernel/ports';
import type { RequestKey } from '#kernel/request-key';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { hours } from '../housekeeping/old-rows.js';
import { claim } from './claim.js';
import { idempotencyKeyReused } from './errors.js';

/**
 * The ids of what requests with an Idempotency-Key made (`docs/decisions/0024-a-retry-reads-what-was-made.md`). Holds no answer: keys
 * and bodies are fingerprints, because a client may put names into both. Every method joins the transaction.
 */
@Injectable()
export class RequestKeys {
  constructor(
    private readonly database: Database,
    private readonly fingerprints: Fingerprints,
    private readonly settings: Settings,
  ) {}

  /**
   * The id of what the first request with this key made. null: it made nothing yet, and the key is locked for other requests until
   * this transaction ends. Throws `idempotency_in_progress` and `idempotency_key_reused`.
   */
  async recall(request: RequestKey): Promise<Id | null> {
    const first = await this.madeBy(request);
    if (first) return first;
    await claim(this.database, request);
    return this.madeBy(request);
  }

  async remember({ teamId, userId, path, key, body }: RequestKey, madeId: Id): Promise<void> {
    const [ofKey, ofBody] = [this.fingerprints.of(key), this.fingerprints.of(body)];
    await this.database.affected(sql`
      insert into platform.request_key (team_id, user_id, path, key, body, made_id, created_at)
      values (${teamId}, ${userId}, ${path}, ${ofKey}, ${ofBody}, ${madeId}, now())
      on conflict (team_id, user_id, path, key) do update
        set body = excluded.body, made_id = excluded.made_id, created_at = now()`);
  }

  private async madeBy({ teamId, userId, path, key, body }: RequestKey): Promise<Id | null> {
    const first = await this.database.first(sql<{ body: string; made_id: Id }>`
      select body, made_id from platform.request_key
      where team_id = ${teamId} and user_id = ${userId} and path = ${path}
        and key = any(${this.fingerprints.known(key)}::text[])
        and created_at > now() - ${hours(this.settings.idempotencyHours)}`);
    if (!first) return null;
    if (!this.fingerprints.known(body).includes(first.body)) throw idempotencyKeyReused();
    return first.made_id;
  }
}
