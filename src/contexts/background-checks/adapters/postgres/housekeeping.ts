import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { days, hours, type OldRows } from '#platform/housekeeping/old-rows';
import { OldRowsTask } from '#platform/housekeeping/old-rows-task';
import { BackgroundChecksSettings } from '../../settings.js';

/** Idempotency records hold addresses. They are deleted after a day, even when their team sends nothing else. */
@Injectable()
export class DeleteOldIdempotencyRecords extends OldRowsTask {
  constructor(
    database: Database,
    private readonly settings: Settings,
  ) {
    super(database);
  }

  protected rule(): OldRows {
    const { idempotencyHours } = this.settings;
    return { table: 'background_checks.idempotency_record', since: 'created_at', keptFor: hours(idempotencyHours) };
  }
}

/** The emptied history entries of erased checks. They say when something happened and no longer what. */
@Injectable()
export class DeleteErasedHistories extends OldRowsTask {
  constructor(
    database: Database,
    private readonly settings: BackgroundChecksSettings,
  ) {
    super(database);
  }

  protected rule(): OldRows {
    const { erasedHistoryDays } = this.settings;
    return { table: 'background_checks.history_entry', since: 'emptied_at', keptFor: days(erasedHistoryDays) };
  }
}

/** A failed removal is retried at least daily. One that was not retried for a month is done, or its rule was switched off. */
@Injectable()
export class DeleteRemovalFailures extends OldRowsTask {
  protected rule(): OldRows {
    return { table: 'background_checks.removal_failure', since: 'next_try_at', keptFor: days(30) };
  }
}
