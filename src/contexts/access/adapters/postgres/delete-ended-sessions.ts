import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';

/** Deletes expired sessions, and used logout tokens that would be refused for their age by now. */
@Injectable()
export class DeleteEndedSessions extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  async run(): Promise<number> {
    const sessions = await this.database.affected(sql`
      delete from access.session where id in (
        select id from access.session where ends_at < now() limit 500 for update skip locked)`);
    const tokens = await this.database.affected(sql`
      delete from access.used_logout_token where id in (
        select id from access.used_logout_token where expires_at < now() limit 500 for update skip locked)`);
    return sessions + tokens;
  }
}
