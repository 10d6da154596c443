import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { HousekeepingTask } from '../housekeeping/housekeeping-task.js';
import { pieceSize } from '../housekeeping/old-rows.js';

/** Deletes the counts of past minutes. */
@Injectable()
export class DeleteOldRateLimits extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  run(): Promise<number> {
    // `expire`: milliseconds since 1970.
    return this.database.affected(sql`
      delete from platform.rate_limit where key in (
        select key from platform.rate_limit
        where expire < (extract(epoch from now()) - 60) * 1000 limit ${pieceSize} for update skip locked)`);
  }
}
