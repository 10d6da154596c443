import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { Gauges } from '../metrics/gauges.js';
import { triesBeforeParking } from './recurring-work.js';

/** Failing recurring work by name. Only `npm run jobs -- recurring` shows teams and connections. */
@Injectable()
export class RecurringGauges extends Gauges {
  readonly meanings = {
    recurring_work_failing: 'Recurring work whose last try failed',
    recurring_work_tried_hourly: 'Recurring work that failed ten times in a row and is tried once an hour',
    recurring_work_failing_since_seconds: 'Since when it has failed, in seconds since 1970',
  };
  override readonly labels = {
    recurring_work_failing: 'work',
    recurring_work_tried_hourly: 'work',
    recurring_work_failing_since_seconds: 'work',
  };
  override readonly formerNames = { recurring_work_tried_hourly: 'recurring_work_parked' };

  constructor(private readonly database: Database) {
    super();
  }

  async read(): Promise<Record<string, Record<string, number>>> {
    const rows = await this.database.rows<{ work: string; failing: number; parked: number; since: number }>(sql`
      select work, count(*)::int as failing, count(*) filter (where failures >= ${triesBeforeParking})::int as parked,
             extract(epoch from min(since))::float8 as since
      from platform.recurring_fault group by work`);
    const by = (figure: 'failing' | 'parked' | 'since'): Record<string, number> =>
      Object.fromEntries(rows.map((row) => [row.work, row[figure]]));
    return {
      recurring_work_failing: by('failing'),
      recurring_work_tried_hourly: by('parked'),
      recurring_work_failing_since_seconds: by('since'),
    };
  }
}
