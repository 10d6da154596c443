import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Thing, VersionedRow } from '#platform/versions/versioned-part';

/** The stage that an application is in. Its other part, the status, belongs to hiring. */
@Injectable()
class PlacementVersion extends VersionedRow {
  readonly subject = 'application';
  protected readonly table = 'interview_planning.placement';
  protected override readonly id = 'application_id';
  protected readonly actions = ['application.move'];
}

/** Changes of a plan lock the plan first. */
@Injectable()
class StageVersion extends VersionedRow {
  readonly subject = 'stage';
  protected readonly table = 'interview_planning.stage';
  protected readonly actions = ['stage.create', 'stage.update'];

  override async lock(stage: Thing): Promise<void> {
    const { teamId, key } = stage;
    await this.database.rows(sql`
      select 1 from interview_planning.plan p
      where p.team_id = ${teamId} and p.job_id in (
        select s.job_id from interview_planning.stage s where s.team_id = ${teamId} and s.id = ${key})
      for update`);
    await super.lock(stage);
  }
}

@Injectable()
class ItemVersion extends VersionedRow {
  readonly subject = 'item';
  protected readonly table = 'interview_planning.item';
  protected readonly actions = ['item.create', 'item.update'];

  override async lock(item: Thing): Promise<void> {
    const { teamId, key } = item;
    await this.database.rows(sql`
      select 1 from interview_planning.plan p
      where p.team_id = ${teamId} and p.job_id in (
        select s.job_id from interview_planning.item i
        join interview_planning.stage s on s.team_id = i.team_id and s.id = i.stage_id
        where i.team_id = ${teamId} and i.id = ${key})
      for update`);
    await super.lock(item);
  }
}

export const planVersions = [PlacementVersion, StageVersion, ItemVersion];
