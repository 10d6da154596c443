import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '../database/database.js';
import { asTeam } from '../database/scope.js';
import { teamsIn } from '../database/teams-in.js';
import { HousekeepingTask } from '../housekeeping/housekeeping-task.js';
import { days, pieceSize } from '../housekeeping/old-rows.js';
import { keptDays } from './change-feed.js';
import { ChangeNumbering } from './change-numbering.js';

const old = sql`changed_at < now() - ${days(keptDays)}`;

/** Deletes old changes, and notes up to which number, so that a cursor from before is refused instead of continued with a gap. */
@Injectable()
export class DeleteOldChanges extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly numbering: ChangeNumbering,
  ) {
    super();
  }

  async run(): Promise<number> {
    const team = await this.database.first(sql<{ id: string }>`
      select id from ${teamsIn(sql`platform.change`)} team
      where exists (select from platform.change c where c.team_id = team.id and ${old}) limit 1`);
    return team ? asTeam(team.id, () => this.ofTeam(team.id)) : 0;
  }

  /** Holds the row of the feed first, as numbering does. */
  private ofTeam(teamId: string): Promise<number> {
    return this.unitOfWork.run(async () => {
      await this.numbering.begin(teamId);
      await this.database.rows(sql`select from platform.change_feed where team_id = ${teamId} for update`);
      const gone = await this.database.rows(sql<{ seq: string }>`
        delete from platform.change where team_id = ${teamId} and (type, subject_id) in (
          select type, subject_id from platform.change where team_id = ${teamId} and ${old} order by changed_at limit ${pieceSize})
        returning seq`);
      const highest = Math.max(0, ...gone.map(({ seq }) => Number(seq)));
      await this.database.affected(sql`
        update platform.change_feed set forgotten_seq = greatest(forgotten_seq, ${highest}::bigint) where team_id = ${teamId}`);
      return gone.length;
    });
  }
}
