import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { forgottenBefore } from './postgres-remembered-sends.js';

/** Remembered answers hold addresses: they go after their day, whether or not their team ever sends again. */
@Injectable()
export class ForgetOldSends extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  run(): Promise<number> {
    return this.database.affected(sql`
      delete from background_checks.remembered_send where (team_id, user_id, path, key) in (
        select team_id, user_id, path, key from background_checks.remembered_send
        where created_at <= ${forgottenBefore} limit 500 for update skip locked)`);
  }
}
