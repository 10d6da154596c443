import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { checkColumns, type CheckRow, checksWithRequester } from './check-answer.js';

/** A listener that missed more changes than this reads its lists again, which is less work than an event for each. */
export const mostAtOnce = 500;

/** Reads changed checks in their present state. */
@Injectable()
export class CheckChangesView {
  constructor(private readonly database: Database) {}

  /** In no order. Ids of other teams and unknown ids are left out. */
  of(teamId: string, ids: readonly string[]): Promise<CheckRow[]> {
    return this.database.rows(sql<CheckRow>`
      select ${checkColumns} from ${checksWithRequester}
      where c.team_id = ${teamId} and c.id = any(${[...ids]}::uuid[])`);
  }
}
