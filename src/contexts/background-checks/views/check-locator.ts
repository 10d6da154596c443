import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { type Located, SubjectLocator } from '#platform/auth/ports';
import { Database } from '#platform/database/database';

/** A check is visible to callers who see its job, but never to its candidate. */
@Injectable()
export class CheckLocator extends SubjectLocator {
  readonly subject = 'check';
  override readonly entity = 'background_check';
  readonly fields = ['background_check_id'];

  constructor(private readonly database: Database) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    const check = await this.database.first<{ job_id: Id; candidate_id: Id }>(sql`
      select job_id, candidate_id from background_checks.background_check where team_id = ${teamId} and id = ${id}`);
    return check && { jobIds: [check.job_id], hiddenFrom: check.candidate_id };
  }
}
