import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import type { ErasedChecks } from '../../contract.js';
import { type Erasure, Erasures } from '../../domain/erasures.js';

@Injectable()
export class PostgresErasures extends Erasures {
  constructor(private readonly database: Database) {
    super();
  }

  async add({ teamId, candidateId, at, by }: Erasure): Promise<void> {
    await this.database.affected(sql`
      insert into hiring.erasure (team_id, candidate_id, at, by_user_id) values (${teamId}, ${candidateId}, ${at}, ${by})`);
  }

  async noteChecks(teamId: string, candidateId: Id, checks: readonly ErasedChecks[]): Promise<void> {
    await this.database.affected(sql`
      update hiring.erasure set checks = ${JSON.stringify(checks)}::jsonb
      where team_id = ${teamId} and candidate_id = ${candidateId}`);
  }
}
