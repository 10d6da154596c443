import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { HousekeepingTask } from './housekeeping-task.js';
import { deleteOld, type OldRows } from './old-rows.js';

/** A task that is one rule: which rows of which table are deleted, and when. */
@Injectable()
export abstract class OldRowsTask extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  protected abstract rule(): OldRows;

  run(): Promise<number> {
    return this.database.affected(deleteOld(this.rule()));
  }
}
