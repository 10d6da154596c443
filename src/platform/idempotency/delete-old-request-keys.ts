import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { hours, type OldRows } from '../housekeeping/old-rows.js';
import { OldRowsTask } from '../housekeeping/old-rows-task.js';

@Injectable()
export class DeleteOldRequestKeys extends OldRowsTask {
  constructor(
    database: Database,
    private readonly settings: Settings,
  ) {
    super(database);
  }

  protected rule(): OldRows {
    const { idempotencyHours } = this.settings;
    return { table: 'platform.request_key', since: 'created_at', keptFor: hours(idempotencyHours) };
  }
}
