import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { applicationView } from '#contexts/hiring';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { type LockedStage, Placements } from '../../domain/placements.js';

/** Stages are locked by a shared row lock. Placements do not wait for each other; a removal waits for placements and they for it. */
@Injectable()
export class PostgresPlacements extends Placements {
  constructor(private readonly database: Database) {
    super();
  }

  async lockStage(teamId: string, jobId: Id, stageId: Id): Promise<LockedStage | null> {
    return this.lock(sql`s.team_id = ${teamId} and s.job_id = ${jobId} and s.id = ${stageId}`);
  }

  async lockStageNamed(teamId: string, jobId: Id, name: string): Promise<LockedStage | null> {
    return this.lock(sql`s.team_id = ${teamId} and s.job_id = ${jobId} and s.name = ${name}`);
  }

  async lockFirstStage(teamId: string, jobId: Id): Promise<LockedStage | null> {
    return this.lock(sql`s.team_id = ${teamId} and s.job_id = ${jobId}`);
  }

  async lockCurrentStage(teamId: string, applicationId: Id): Promise<LockedStage | null> {
    return this.lock(sql`s.team_id = ${teamId} and s.id = (
      select p.stage_id from interview_planning.placement p
      where p.team_id = ${teamId} and p.application_id = ${applicationId})`);
  }

  private async lock(condition: RawBuilder<unknown>): Promise<LockedStage | null> {
    return this.database.first(sql<LockedStage>`
      select s.id from interview_planning.stage s
      where ${condition} and s.deleted_at is null
      order by s.priority limit 1
      for share of s`);
  }

  async put(teamId: string, applicationId: Id, jobId: Id, stage: LockedStage | null): Promise<boolean> {
    const changed = await this.database.affected(sql`
      insert into interview_planning.placement as p (team_id, application_id, job_id, stage_id)
      values (${teamId}, ${applicationId}, ${jobId}, ${stage?.id ?? null})
      on conflict (team_id, application_id) do update set stage_id = excluded.stage_id, updated_at = now()
      where p.stage_id is distinct from excluded.stage_id`);
    return changed > 0;
  }

  async lockAndCount(teamId: string, stageId: Id): Promise<number> {
    await this.database.rows(sql`
      select 1 from interview_planning.stage where team_id = ${teamId} and id = ${stageId} for update`);
    // A separate statement, so that it sees what earlier holders of the lock have committed.
    const counted = await this.database.first(sql<{ active: number }>`
      select count(*)::int as active
      from interview_planning.placement p
      join ${sql.table(applicationView)} a on a.team_id = p.team_id and a.id = p.application_id
      where p.team_id = ${teamId} and p.stage_id = ${stageId} and a.status = 'active'`);
    return counted?.active ?? 0;
  }

  async clear(teamId: string, stageId: Id): Promise<void> {
    await this.database.affected(sql`
      update interview_planning.placement set stage_id = null, updated_at = now()
      where team_id = ${teamId} and stage_id = ${stageId}`);
  }
}
