import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { isoTime } from '../database/times.js';
import { triesBeforeParking } from './recurring-work.js';

/** Recurring work whose last try failed. Times in ISO 8601. */
export interface RecurringFault {
  work: string;
  /** The team, or the team and connection; empty when the work serves all teams. */
  subject: string;
  failures: number;
  parked: boolean;
  since: string;
  nextTryAt: string;
  why: string;
}

/** Failing recurring work, for operators: listing it and trying it again. */
export class RecurringFaults {
  constructor(private readonly database: Database) {}

  async list(): Promise<RecurringFault[]> {
    const rows = await this.database.rows(sql<RecurringFault>`
      select work, subject, failures, failures >= ${triesBeforeParking} as parked, since, next_try_at as "nextTryAt", why
      from platform.recurring_fault order by since, work, subject`);
    return rows.map((row) => ({ ...row, since: isoTime(row.since), nextTryAt: isoTime(row.nextTryAt) }));
  }

  /** Makes it due at the next turn, which is seconds away. Without a name: all of it. Returns how many entries that were. */
  retry(work?: string): Promise<number> {
    const which = work === undefined ? sql`true` : sql`work = ${work}`;
    return this.database.affected(sql`update platform.recurring_fault set next_try_at = now() where ${which}`);
  }
}
