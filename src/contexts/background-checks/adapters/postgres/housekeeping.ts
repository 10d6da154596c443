import { Injectable } from '@nestjs/common';
import type { Settings } from '#platform/config/settings';
import { days, hours, type OldRows } from '#platform/housekeeping/old-rows';
import { OldRowsTask } from '#platform/housekeeping/old-rows-task';

/** Remembered answers hold addresses: they go after their day, whether or not their team ever sends again. */
@Injectable()
export class DeleteOldIdempotencyRecords extends OldRowsTask {
  protected rule({ idempotencyHours }: Settings['kept']): OldRows {
    return { table: 'background_checks.remembered_send', since: 'created_at', keptFor: hours(idempotencyHours) };
  }
}

/** What is left of the histories of erased checks: when something happened, and no longer what. */
@Injectable()
export class DeleteErasedHistories extends OldRowsTask {
  protected rule({ erasedHistoryDays }: Settings['kept']): OldRows {
    return { table: 'background_checks.history_entry', since: 'emptied_at', keptFor: days(erasedHistoryDays) };
  }
}

/** A removal that failed is tried again every day at least: one that was not for a month is over, or its rule was switched off. */
@Injectable()
export class DeleteRemovalFailures extends OldRowsTask {
  protected rule(): OldRows {
    return { table: 'background_checks.removal_failure', since: 'next_try_at', keptFor: days(30) };
  }
}
