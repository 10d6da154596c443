import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { type ApplicationFacts, FindApplication, JobExists } from '../contract.js';

@QueryHandler(FindApplication)
export class FindApplicationHandler implements IQueryHandler<FindApplication, ApplicationFacts | null> {
  constructor(private readonly database: Database) {}

  async execute({ teamId, applicationId }: FindApplication): Promise<ApplicationFacts | null> {
    return this.database.first(sql<ApplicationFacts>`
      select a.id, a.status, a.job_id as "jobId", a.candidate_id as "candidateId", c.email as "candidateEmail",
        c.anonymised_at is not null as "candidateAnonymised"
      from hiring.application a join hiring.candidate c on c.team_id = a.team_id and c.id = a.candidate_id
      where a.team_id = ${teamId} and a.id = ${applicationId}`);
  }
}

@QueryHandler(JobExists)
export class JobExistsHandler implements IQueryHandler<JobExists, boolean> {
  constructor(private readonly database: Database) {}

  async execute({ teamId, jobId }: JobExists): Promise<boolean> {
    const job = await this.database.first(sql`
      select 1 from hiring.job where team_id = ${teamId} and id = ${jobId}`);
    return job !== null;
  }
}
