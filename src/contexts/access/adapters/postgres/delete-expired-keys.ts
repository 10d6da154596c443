import { Injectable } from '@nestjs/common';
import { days, type OldRows } from '#platform/housekeeping/old-rows';
import { OldRowsTask } from '#platform/housekeeping/old-rows-task';

/** An expired key is shown for a month, so that an admin sees why a program is refused. */
@Injectable()
export class DeleteExpiredKeys extends OldRowsTask {
  protected rule(): OldRows {
    return { table: 'access.api_key', since: 'expires_at', keptFor: days(30) };
  }
}
