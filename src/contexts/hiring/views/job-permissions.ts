import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { JobPermission } from '#kernel/caller';
import { Database } from '#platform/database/database';

export interface PermissionView {
  user_id: string;
  permissions: JobPermission[];
}

@Injectable()
export class JobPermissionsView {
  constructor(private readonly database: Database) {}

  async of(teamId: string, jobId: string): Promise<PermissionView[]> {
    return this.database.rows(sql<PermissionView>`
      select user_id, permissions from hiring.job_permission
      where team_id = ${teamId} and job_id = ${jobId} order by user_id`);
  }
}
