import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { asTeam } from '../database/scope.js';
import { teamsIn } from '../database/teams-in.js';
import { RecurringWork } from '../recurring/recurring-work.js';
import { HousekeepingTask } from '../housekeeping/housekeeping-task.js';
import { ChangeNumbering } from './change-numbering.js';

/** Numbers what no reader asks for, so that one row is left of a thing that changes often. */
@Injectable()
export class NumberChanges extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly numbering: ChangeNumbering,
    private readonly recurring: RecurringWork,
  ) {
    super();
  }

  async run(): Promise<number> {
    const teams = await this.database.rows(sql<{ id: string }>`
      select id from ${teamsIn(sql`platform.pending_change`)} team`);
    let unfinished = 0;
    for (const { id } of teams) {
      // A team whose changes cannot be numbered does not stop the others.
      const next = (): Promise<boolean> => asTeam(id, () => this.numbering.next(id));
      if (await this.recurring.run('changes.number', next, id)) unfinished += 1;
    }
    return unfinished;
  }
}
