import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { days, deleteOld, hours } from '#platform/housekeeping/old-rows';

/** Remembered answers hold addresses: they go after their day, whether or not their team ever sends again. */
@Injectable()
export class ForgetOldSends extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {
    super();
  }

  run(): Promise<number> {
    return this.database.affected(
      deleteOld({
        table: 'background_checks.remembered_send',
        since: 'created_at',
        keptFor: hours(this.settings.kept.idempotencyHours),
      }),
    );
  }
}

/** What is left of the histories of erased checks: when something happened, and no longer what. */
@Injectable()
export class ForgetErasedHistories extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {
    super();
  }

  run(): Promise<number> {
    return this.database.affected(
      deleteOld({
        table: 'background_checks.history_entry',
        since: 'emptied_at',
        keptFor: days(this.settings.kept.erasedHistoryDays),
      }),
    );
  }
}

/** A removal that failed is tried again every day at least: one that was not for a month is over, or its rule was switched off. */
@Injectable()
export class ForgetRemovalFailures extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  run(): Promise<number> {
    return this.database.affected(
      deleteOld({
        table: 'background_checks.removal_failure',
        since: 'next_try_at',
        keptFor: days(30),
      }),
    );
  }
}
