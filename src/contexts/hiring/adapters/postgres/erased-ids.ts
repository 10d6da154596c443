import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Fingerprints } from '#kernel/ports';
import { Database } from '#platform/database/database';
import type { ErasedId } from '../../domain/erasures.js';

/** External ids of erased records, as fingerprints. Kept apart from live ids, so that no id from outside equals a fingerprint. */
@Injectable()
export class ErasedIds {
  constructor(
    private readonly database: Database,
    private readonly fingerprints: Fingerprints,
  ) {}

  async add(teamId: string, { kind, externalId, recordId }: ErasedId): Promise<void> {
    await this.database.affected(sql`
      insert into hiring.erased_external_id (team_id, kind, fingerprint, record_id)
      values (${teamId}, ${kind}, ${this.fingerprints.of(externalId)}, ${recordId}) on conflict do nothing`);
  }

  async recordOf(teamId: string, kind: ErasedId['kind'], externalId: string): Promise<Id | null> {
    const row = await this.database.first(sql<{ record_id: Id }>`
      select record_id from hiring.erased_external_id
      where team_id = ${teamId} and kind = ${kind} and fingerprint = any(${this.fingerprints.known(externalId)}::text[])`);
    return row?.record_id ?? null;
  }
}
