import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { ChangingThings, type ShownThing } from '#platform/changes/changing-things';
import { Database } from '#platform/database/database';
import { checkColumns, type CheckRow, checksWithRequester } from './check-answer.js';
import { CheckPresenter } from './check-presenter.js';
import { visibleTo } from './checks.js';

/** Checks in the changes feed. */
@Injectable()
export class ChangedChecksView extends ChangingThings {
  readonly name = 'background_check';

  constructor(
    private readonly database: Database,
    private readonly presenter: CheckPresenter,
  ) {
    super();
  }

  async shown(caller: Caller, ids: readonly Id[]): Promise<ShownThing[]> {
    const rows = await this.database.rows(sql<CheckRow>`
      select ${checkColumns} from ${checksWithRequester}
      where ${visibleTo(caller)} and c.id = any(${[...ids]}::uuid[])`);
    const revisions = new Map(rows.map(({ id, version }) => [id, version]));
    const answers = await this.presenter.present(rows, caller);
    return answers.map((data) => ({ id: data.id, revision: revisions.get(data.id) ?? 0, data }));
  }

  /** A user learns nothing of checks about themselves. To an admin, who sees all others, a tombstone would give one away. */
  override async secretFrom({ teamId, ownCandidateIds }: Caller, ids: readonly Id[]): Promise<Id[]> {
    if (ownCandidateIds.length === 0) return [];
    const own = await this.database.rows(sql<{ id: Id }>`
      select id from background_checks.background_check
      where team_id = ${teamId} and id = any(${[...ids]}::uuid[]) and candidate_id = any(${[...ownCandidateIds]}::uuid[])`);
    return own.map(({ id }) => id);
  }

  override seenThrough(teamId: string, type: string, ids: readonly string[]): RawBuilder<unknown> | null {
    if (type !== 'job') return null;
    return sql`
      select c.id from background_checks.background_check c
      where c.team_id = ${teamId} and c.job_id = any(${[...ids]}::uuid[])`;
  }
}
