import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { HousekeepingTask } from '../housekeeping/housekeeping-task.js';
import { days, pieceSize } from '../housekeeping/old-rows.js';

/** Parked work is tried once an hour, so work that was not tried for days no longer exists. */
@Injectable()
export class DeleteOldFaults extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  async run(): Promise<number> {
    return this.database.affected(sql`
      delete from platform.recurring_fault where (work, subject) in (
        select work, subject from platform.recurring_fault
        where failed_at < now() - ${days(2)} limit ${pieceSize} for update skip locked)`);
  }
}
