import { Injectable } from '@nestjs/common';
import { days, type OldRows } from '#platform/housekeeping/old-rows';
import { OldRowsTask } from '#platform/housekeeping/old-rows-task';

/**
 * A failed erasure is retried at least once a day. One without a try for a month has succeeded since, or its rule was
 * switched off.
 */
@Injectable()
export class DeleteErasureFailures extends OldRowsTask {
  protected rule(): OldRows {
    return { table: 'hiring.erasure_failure', since: 'next_try_at', keptFor: days(30) };
  }
}
