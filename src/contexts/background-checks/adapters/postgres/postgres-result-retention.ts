import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type RetentionRule, retryGaps } from '#kernel/retention';
import { Database } from '#platform/database/database';
import { ResultRetention } from '../../domain/result-retention.js';
import { dueResults } from '../../views/due-results.js';

@Injectable()
export class PostgresResultRetention extends ResultRetention {
  constructor(private readonly database: Database) {
    super();
  }

  async ruleOf(teamId: string): Promise<RetentionRule | null> {
    const row = await this.database.first(sql<{ months: number | null; since: Date | string }>`
      select months, since from background_checks.result_retention_rule where team_id = ${teamId} for update`);
    return row && { months: row.months, since: new Date(row.since) };
  }

  async setRule(teamId: string, { months, since }: RetentionRule, nextRun: Date): Promise<void> {
    await this.database.affected(sql`
      insert into background_checks.result_retention_rule (team_id, months, since, due_at)
      values (${teamId}, ${months}, ${since}, ${nextRun})
      on conflict (team_id) do update set months = excluded.months, since = excluded.since, due_at = excluded.due_at`);
  }

  async takeDueTeams(now: Date, next: Date, limit: number): Promise<string[]> {
    const rows = await this.database.rows(sql<{ team_id: string }>`
      update background_checks.result_retention_rule set due_at = ${next}
      where team_id in (
        select team_id from background_checks.result_retention_rule
        where months is not null and due_at <= ${now} order by due_at limit ${limit} for update skip locked)
      returning team_id`);
    return rows.map((row) => row.team_id);
  }

  async due(teamId: string, now: Date, limit: number): Promise<string[]> {
    const rows = await this.database.rows(sql<{ id: string }>`
      select d.id from ${dueResults(teamId, now)} d
      where not exists (select 1 from background_checks.removal_failure f
                        where f.team_id = ${teamId} and f.check_id = d.id and f.next_try_at > ${now})
      order by d.due_on, d.id limit ${limit}`);
    return rows.map(({ id }) => id);
  }

  async isDue(teamId: string, checkId: string, now: Date): Promise<boolean> {
    const row = await this.database.first(sql`select 1 from ${dueResults(teamId, now)} d where d.id = ${checkId}`);
    return row !== null;
  }

  async noteFailure(teamId: string, checkId: string, now: Date): Promise<void> {
    const after = sql`(${[...retryGaps]}::int[])[least(f.tries + 1, ${retryGaps.length}::int)] * interval '1 second'`;
    const failure = await this.database.first(sql<{ next_try_at: Date | string }>`
      insert into background_checks.removal_failure as f (team_id, check_id, tries, first_failed_at, next_try_at)
      values (${teamId}, ${checkId}, 1, ${now}, ${now}::timestamptz + ${retryGaps[0]}::int * interval '1 second')
      on conflict (team_id, check_id) do update
        set tries = f.tries + 1, next_try_at = ${now}::timestamptz + ${after}
      returning next_try_at`);
    await this.database.affected(sql`
      update background_checks.result_retention_rule
      set due_at = least(due_at, ${failure?.next_try_at ?? now}::timestamptz) where team_id = ${teamId}`);
  }

  async noteSuccess(teamId: string, checkId: string): Promise<void> {
    await this.database.affected(sql`
      delete from background_checks.removal_failure where team_id = ${teamId} and check_id = ${checkId}`);
  }
}
