import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { checkColumns, type CheckRow, checksWithRequester } from './check-answer.js';

/** Whoever missed more than this reads their lists again: that is less work than hearing of each. */
export const mostAtOnce = 500;

/** Checks that were told to have changed, as they are now. */
@Injectable()
export class CheckChanges {
  constructor(private readonly database: Database) {}

  /** In no order; ids that are no checks of the team are left out. */
  of(teamId: string, ids: readonly string[]): Promise<CheckRow[]> {
    return this.database.rows(sql<CheckRow>`
      select ${checkColumns} from ${checksWithRequester}
      where c.team_id = ${teamId} and c.id = any(${[...ids]}::uuid[])`);
  }
}
