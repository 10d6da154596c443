import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import type { StageOccupancy } from '../domain/interview-plans.js';

@Injectable()
export class ActiveStageOccupancy implements StageOccupancy {
  constructor(private readonly database: Database) {}

  async lockAndCount(teamId: string, stageId: Id): Promise<number> {
    await this.database.rows(sql`
      select 1 from interview_planning.stage where team_id = ${teamId} and id = ${stageId} for update`);
    // A separate statement, so that it sees what earlier holders of the lock have committed.
    const counted = await this.database.first(sql<{ active: number }>`
      select count(*)::int as active
      from interview_planning.placement p
      join hiring.pub_application a on a.team_id = p.team_id and a.id = p.application_id
      where p.team_id = ${teamId} and p.stage_id = ${stageId} and a.status = 'active'`);
    return counted?.active ?? 0;
  }
}
