import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { JobPermission } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';

export interface PermissionView {
  user_id: Id;
  permissions: JobPermission[];
}

@Injectable()
export class JobPermissionsView {
  constructor(private readonly database: Database) {}

  async of(teamId: string, jobId: Id): Promise<PermissionView[]> {
    return this.database.rows(sql<PermissionView>`
      select user_id, permissions from hiring.job_permission
      where team_id = ${teamId} and job_id = ${jobId} order by user_id`);
  }
}
