import { Injectable } from '@nestjs/common';
import { days, type OldRows } from '#platform/housekeeping/old-rows';
import { OldRowsTask } from '#platform/housekeeping/old-rows-task';

/** An erasure that failed is tried again every day at least: one that was not for a month is over, or its rule was switched off. */
@Injectable()
export class DeleteErasureFailures extends OldRowsTask {
  protected rule(): OldRows {
    return { table: 'hiring.erasure_failure', since: 'next_try_at', keptFor: days(30) };
  }
}
