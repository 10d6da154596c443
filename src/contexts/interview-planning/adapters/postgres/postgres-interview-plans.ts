import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Clock } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { InterviewPlan } from '../../domain/interview-plan.js';
import { InterviewPlans } from '../../domain/interview-plans.js';
import { PlanItem } from '../../domain/plan-item.js';
import { Stage } from '../../domain/stage.js';

@Injectable()
export class PostgresInterviewPlans extends InterviewPlans {
  constructor(
    private readonly em: EntityManager,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async ofJob(teamId: string, jobId: Id): Promise<InterviewPlan> {
    const now = this.clock.now();
    await this.database.affected(sql`
      insert into interview_planning.plan (team_id, job_id, created_at, updated_at)
      values (${teamId}, ${jobId}, ${now}, ${now})
      on conflict do nothing`);
    const plan = await this.em.findOneOrFail(
      InterviewPlan,
      { teamId, jobId },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    return plan.withStages(await this.stagesOf(teamId, jobId));
  }

  private async stagesOf(teamId: string, jobId: Id): Promise<Stage[]> {
    const stages = await this.em.find(Stage, { teamId, jobId, deletedAt: null });
    const stageId = { $in: stages.map(({ id }) => id) };
    // Removed activities are not loaded. No rule needs them, and there may be many.
    const notRemoved = { teamId, stageId, deletedAt: null };
    const items = await this.em.find(PlanItem, notRemoved, { orderBy: { createdAt: 'asc', id: 'asc' } });
    const byStage = Map.groupBy(items, (item) => item.stageId);
    for (const stage of stages) stage.items = byStage.get(stage.id) ?? [];
    return stages;
  }

  async jobOfStage(teamId: string, stageId: Id): Promise<Id | null> {
    const row = await this.database.first(sql<{ job_id: Id }>`
      select job_id from interview_planning.stage
      where team_id = ${teamId} and id = ${stageId} and deleted_at is null`);
    return row?.job_id ?? null;
  }

  async locateItem(teamId: string, itemId: Id): Promise<{ jobId: Id; type: string; vendor: string | null } | null> {
    return this.database.first(sql<{ jobId: Id; type: string; vendor: string | null }>`
      select job_id as "jobId", kind as type, vendor from interview_planning.pub_item
      where team_id = ${teamId} and id = ${itemId} and deleted_at is null`);
  }

  async save(plan: InterviewPlan): Promise<void> {
    for (const stage of plan.allStages) this.em.persist([stage, ...stage.items]);
    await this.em.flush();
  }
}
