import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { JobPermission, SignedInUser } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { JobScopes } from '#platform/auth/ports';
import { Database } from '#platform/database/database';
import { type Grant, JobPermissions } from '../../domain/ports.js';

@Injectable()
export class PostgresJobPermissions extends JobPermissions {
  constructor(private readonly database: Database) {
    super();
  }

  async of(teamId: string, jobId: Id): Promise<Grant[]> {
    return this.database.rows(sql<Grant>`
      select user_id as "userId", permissions from hiring.job_permission
      where team_id = ${teamId} and job_id = ${jobId} order by user_id`);
  }

  async replace(teamId: string, jobId: Id, grants: readonly Grant[]): Promise<void> {
    const { database } = this;
    await database.rows(sql`select 1 from hiring.job where team_id = ${teamId} and id = ${jobId} for update`);
    await database.affected(sql`delete from hiring.job_permission where team_id = ${teamId} and job_id = ${jobId}`);
    for (const { userId, permissions } of grants) {
      await database.affected(sql`
        insert into hiring.job_permission (team_id, job_id, user_id, permissions)
        values (${teamId}, ${jobId}, ${userId}, ${permissions}::text[])`);
    }
  }

  async revokeAll(teamId: string, userId: Id): Promise<void> {
    await this.database.affected(sql`
      delete from hiring.job_permission where team_id = ${teamId} and user_id = ${userId}`);
  }
}

interface ScopeRow {
  job_id: Id;
  permissions: JobPermission[];
  hidden: boolean;
}

/** Reads the permissions for each request, in one query. An admin needs no query. */
@Injectable()
export class PostgresJobScopes extends JobScopes {
  constructor(private readonly database: Database) {
    super();
  }

  async of({ teamId, id: userId, level }: SignedInUser): ReturnType<JobScopes['of']> {
    if (level === 'admin') return { scope: { kind: 'all_but', jobIds: [] }, grants: new Map() };
    const seesAllButHidden = level === 'standard';
    const rows = await this.database.rows(sql<ScopeRow>`
      select job_id, permissions, false as hidden from hiring.job_permission
      where team_id = ${teamId} and user_id = ${userId}
      union all
      select j.id, '{}'::text[], true from hiring.job j
      where ${seesAllButHidden} and j.team_id = ${teamId} and j.confidential and not exists (
        select 1 from hiring.job_permission p
        where p.team_id = j.team_id and p.job_id = j.id and p.user_id = ${userId})`);
    const granted = rows.filter((row) => !row.hidden);
    const grants = new Map(granted.map((row) => [row.job_id, row.permissions]));
    if (!seesAllButHidden) return { scope: { kind: 'only', jobIds: [...grants.keys()] }, grants };
    const hidden = rows.filter((row) => row.hidden).map((row) => row.job_id);
    return { scope: { kind: 'all_but', jobIds: hidden }, grants };
  }
}
