import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { type Located, SubjectLocator } from '#platform/auth/ports';
import { Database } from '#platform/database/database';

@Injectable()
export class JobLocator extends SubjectLocator {
  readonly subject = 'job';
  readonly fields = ['job_id'];
  override readonly bearsRights = true;

  constructor(private readonly database: Database) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    const job = await this.database.first(sql<{ id: Id }>`
      select id from hiring.job where team_id = ${teamId} and id = ${id}`);
    return job && { jobIds: [job.id] };
  }
}

/** A candidate is visible through their applications. One without any is visible to users who may create candidates. */
@Injectable()
export class CandidateLocator extends SubjectLocator {
  readonly subject = 'candidate';
  readonly fields = ['candidate_id', 'linked_candidate_ids'];

  constructor(private readonly database: Database) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    const candidate = await this.database.first(sql<{ erased: boolean; job_ids: Id[] }>`
      select c.anonymised_at is not null as erased, array(
        select distinct a.job_id from hiring.application a
        where a.team_id = c.team_id and a.candidate_id = c.id) as job_ids
      from hiring.candidate c where c.team_id = ${teamId} and c.id = ${id}`);
    return candidate && { jobIds: candidate.job_ids, erased: candidate.erased };
  }
}

@Injectable()
export class ApplicationLocator extends SubjectLocator {
  readonly subject = 'application';
  readonly fields = ['application_id'];

  constructor(private readonly database: Database) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    const application = await this.database.first(sql<{ job_id: Id }>`
      select job_id from hiring.application where team_id = ${teamId} and id = ${id}`);
    return application && { jobIds: [application.job_id] };
  }
}
