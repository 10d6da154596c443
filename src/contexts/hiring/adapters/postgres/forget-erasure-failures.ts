import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { days, deleteOld } from '#platform/housekeeping/old-rows';

/** An erasure that failed is tried again every day at least: one that was not for a month is over, or its rule was switched off. */
@Injectable()
export class ForgetErasureFailures extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  run(): Promise<number> {
    return this.database.affected(
      deleteOld({
        table: 'hiring.erasure_failure',
        since: 'next_try_at',
        keptFor: days(30),
      }),
    );
  }
}
