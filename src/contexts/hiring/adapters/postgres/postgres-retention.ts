import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import type { RetentionRule } from '#kernel/retention';
import { Database } from '#platform/database/database';
import { Retention } from '../../domain/retention.js';
import { dueBy } from '../../views/due-candidates.js';

@Injectable()
export class PostgresRetention extends Retention {
  constructor(private readonly database: Database) {
    super();
  }

  async ruleOf(teamId: string): Promise<RetentionRule | null> {
    const row = await this.database.first(sql<{ months: number | null; since: Date | string }>`
      select months, since from hiring.retention_rule where team_id = ${teamId} for update`);
    return row && { months: row.months, since: new Date(row.since) };
  }

  async setRule(teamId: string, { months, since }: RetentionRule, nextRun: Date): Promise<void> {
    await this.database.affected(sql`
      insert into hiring.retention_rule (team_id, months, since, due_at)
      values (${teamId}, ${months}, ${since}, ${nextRun})
      on conflict (team_id) do update set months = excluded.months, since = excluded.since, due_at = excluded.due_at`);
  }

  async takeDueTeams(now: Date, next: Date, limit: number): Promise<string[]> {
    const rows = await this.database.rows(sql<{ team_id: string }>`
      update hiring.retention_rule set due_at = ${next}
      where team_id in (
        select team_id from hiring.retention_rule
        where months is not null and due_at <= ${now} order by due_at limit ${limit} for update skip locked)
      returning team_id`);
    return rows.map((row) => row.team_id);
  }

  async due(teamId: string, now: Date, limit: number): Promise<Id[]> {
    const rows = await this.database.rows(sql<{ id: Id }>`
      select d.id from ${dueBy(teamId, now, 'all')} d
      where not exists (select 1 from hiring.erasure_failure f
                        where f.team_id = ${teamId} and f.candidate_id = d.id and f.next_try_at > ${now})
      order by d.due_on, d.id limit ${limit}`);
    return rows.map(({ id }) => id);
  }

  async isDue(teamId: string, candidateId: Id, now: Date): Promise<boolean> {
    const row = await this.database.first(sql`
      select 1 from ${dueBy(teamId, now, 'each')} d where d.id = ${candidateId}`);
    return row !== null;
  }
}
