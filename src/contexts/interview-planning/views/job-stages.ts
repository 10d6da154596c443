import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { type TimeFilters, timesWithin } from '#platform/database/filters';
import { isoTime } from '#platform/database/times';
import type { Configuration } from '../domain/activity-kind.js';

export interface ItemRow {
  id: string;
  stage_id: string;
  type: string;
  vendor: string | null;
  display_name: string;
  package: { id: string; name: string; available: boolean } | null;
  /** As it is stored. */
  configuration: Configuration | null;
  deleted_at: string | null;
}

export interface StageRow {
  id: string;
  job_id: Id;
  name: string;
  priority: number;
  items: ItemRow[];
  application_count: number;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
}

type StoredItem = Omit<ItemRow, 'package' | 'deleted_at'> & {
  package_id: string | null;
  package_name: string | null;
  available: boolean;
  deleted_at: Date | null;
};
type StoredStage = Omit<StageRow, 'items' | 'created_at' | 'updated_at' | 'deleted_at'> & {
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
};

/** A job's stages with their activities, for its Interview plan tab. */
@Injectable()
export class JobStagesView {
  constructor(private readonly database: Database) {}

  async ofJob(teamId: string, jobId: Id, filters: TimeFilters): Promise<StageRow[]> {
    const notRemoved = filters.include_deleted ? sql`` : sql`and s.deleted_at is null`;
    const [stages, items] = await Promise.all([
      this.stages(sql`s.team_id = ${teamId} and s.job_id = ${jobId} ${notRemoved} ${timesWithin('s', filters)}`),
      this.items(sql`s.team_id = ${teamId} and s.job_id = ${jobId}`, filters.include_deleted ?? false),
    ]);
    return stages.map((stage) => ({ ...stage, items: items.filter((item) => item.stage_id === stage.id) }));
  }

  async stage(teamId: string, stageId: Id): Promise<StageRow> {
    const condition = sql`s.team_id = ${teamId} and s.id = ${stageId}`;
    const [[stage], items] = await Promise.all([this.stages(condition), this.items(condition, false)]);
    if (!stage) throw notFound();
    return { ...stage, items };
  }

  async item(teamId: string, itemId: Id): Promise<ItemRow> {
    const [item] = await this.items(sql`i.team_id = ${teamId} and i.id = ${itemId}`, true);
    if (!item) throw notFound();
    return item;
  }

  private async stages(condition: RawBuilder<unknown>): Promise<StageRow[]> {
    const rows = await this.database.rows(sql<StoredStage>`
      select s.id, s.job_id, s.name, s.priority, s.created_at, s.updated_at, s.deleted_at,
        (select count(*)::int
         from interview_planning.placement p
         join hiring.pub_application a on a.team_id = p.team_id and a.id = p.application_id
         where p.team_id = s.team_id and p.stage_id = s.id and a.status = 'active'
        ) as application_count
      from interview_planning.stage s
      where ${condition}
      order by s.deleted_at nulls first, s.priority, s.id`);
    return rows.map((row) => ({
      ...row,
      items: [],
      created_at: isoTime(row.created_at),
      updated_at: isoTime(row.updated_at),
      deleted_at: isoTime(row.deleted_at),
    }));
  }

  private async items(condition: RawBuilder<unknown>, withDeleted: boolean): Promise<ItemRow[]> {
    const rows = await this.database.rows(sql<StoredItem>`
      select i.id, i.stage_id, i.kind as type, i.vendor, i.name as display_name, i.package_id, i.configuration,
        coalesce(p.name, i.package_name) as package_name, coalesce(p.active, false) as available, i.deleted_at
      from interview_planning.item i
      join interview_planning.stage s on s.team_id = i.team_id and s.id = i.stage_id
      left join integrations.pub_package p on p.team_id = i.team_id and p.vendor = i.vendor and p.id = i.package_id
      where ${condition} ${withDeleted ? sql`` : sql`and i.deleted_at is null`}
      order by i.created_at, i.id`);
    return rows.map(({ package_id, package_name, available, ...item }) => ({
      ...item,
      package: package_id === null ? null : { id: package_id, name: package_name ?? package_id, available },
      deleted_at: isoTime(item.deleted_at),
    }));
  }
}
