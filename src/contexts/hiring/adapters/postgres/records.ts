import { EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database, violatedConstraint } from '#platform/database/database';
import { Collision } from '#platform/database/failures';
import { Application } from '../../domain/application.js';
import { Candidate } from '../../domain/candidate.js';
import { candidateAnonymised } from '../../domain/errors.js';
import { canonicalEmail } from '#kernel/email';
import type { Id } from '#kernel/id';
import { Job } from '../../domain/job.js';
import { Applications, Candidates, Jobs } from '../../domain/ports.js';
import { ErasedIds } from './erased-ids.js';

/** Serialises concurrent changes of one record instead of letting them fail. */
const locked = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;

/** Locks an external id until the transaction ends. Other transactions with the same id wait. */
async function lockExternalId(database: Database, kind: string, teamId: string, externalId: string): Promise<void> {
  const key = JSON.stringify([kind, teamId, externalId]);
  await database.rows(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`);
}

/** After an erasure ledger was replayed, an erased id may belong to a record that this database never had. */
function orAnonymised<T>(record: T | null): T {
  if (record === null) throw candidateAnonymised();
  return record;
}

@Injectable()
export class PostgresJobs extends Jobs {
  constructor(
    private readonly em: EntityManager,
    private readonly database: Database,
  ) {
    super();
  }

  async find(teamId: string, id: Id): Promise<Job | null> {
    return this.em.findOne(Job, { teamId, id }, locked);
  }

  async withExternalId(teamId: string, externalId: string): Promise<Job | null> {
    await lockExternalId(this.database, 'job', teamId, externalId);
    return this.em.findOne(Job, { teamId, externalId }, locked);
  }

  async save(job: Job): Promise<void> {
    await this.em.persist(job).flush();
  }
}

@Injectable()
export class PostgresCandidates extends Candidates {
  constructor(
    private readonly em: EntityManager,
    private readonly database: Database,
    private readonly erasedIds: ErasedIds,
  ) {
    super();
  }

  async find(teamId: string, id: Id): Promise<Candidate | null> {
    return this.em.findOne(Candidate, { teamId, id }, locked);
  }

  async withExternalId(teamId: string, externalId: string): Promise<Candidate | null> {
    await lockExternalId(this.database, 'candidate', teamId, externalId);
    const live = await this.em.findOne(Candidate, { teamId, externalId }, locked);
    if (live) return live;
    const erased = await this.erasedIds.recordOf(teamId, 'candidate', externalId);
    return erased === null ? null : orAnonymised(await this.find(teamId, erased));
  }

  async save(candidate: Candidate): Promise<void> {
    await this.em.persist(candidate).flush();
    const { teamId, id, emailAddresses } = candidate;
    const canonical = [...new Set(emailAddresses.map(({ value }) => canonicalEmail(value)))];
    await this.database.affected(sql`
      delete from hiring.candidate_email where team_id = ${teamId} and candidate_id = ${id}`);
    await this.database.affected(sql`
      insert into hiring.candidate_email (team_id, canonical, candidate_id)
      select ${teamId}::uuid, canonical, ${id}::uuid from unnest(${canonical}::text[]) canonical`);
  }

  async jobsOf(teamId: string, candidateId: Id): Promise<Id[]> {
    const rows = await this.database.rows(sql<{ job_id: Id }>`
      select distinct job_id from hiring.application
      where team_id = ${teamId} and candidate_id = ${candidateId}`);
    return rows.map((row) => row.job_id);
  }

  async isAnonymised(teamId: string, candidateId: Id): Promise<boolean> {
    const found = await this.database.first(sql`
      select 1 from hiring.candidate
      where team_id = ${teamId} and id = ${candidateId} and anonymised_at is not null`);
    return found !== null;
  }
}

@Injectable()
export class PostgresApplications extends Applications {
  constructor(
    private readonly em: EntityManager,
    private readonly database: Database,
    private readonly erasedIds: ErasedIds,
  ) {
    super();
  }

  async find(teamId: string, id: Id): Promise<Application | null> {
    return this.em.findOne(Application, { teamId, id }, locked);
  }

  async withExternalId(teamId: string, externalId: string): Promise<Application | null> {
    await lockExternalId(this.database, 'application', teamId, externalId);
    const live = await this.em.findOne(Application, { teamId, externalId }, locked);
    if (live) return live;
    const erased = await this.erasedIds.recordOf(teamId, 'application', externalId);
    return erased === null ? null : orAnonymised(await this.find(teamId, erased));
  }

  async ofCandidate(teamId: string, candidateId: Id): Promise<Application[]> {
    return this.em.find(Application, { teamId, candidateId }, { ...locked, orderBy: { id: 'asc' } });
  }

  async activeOne(teamId: string, candidateId: Id, jobId: Id): Promise<Id | null> {
    const found = await this.database.first(sql<{ id: Id }>`
      select id from hiring.application
      where team_id = ${teamId} and candidate_id = ${candidateId} and job_id = ${jobId} and status = 'active'
      order by duplicate limit 1`);
    return found && found.id;
  }

  async save(application: Application): Promise<void> {
    try {
      await this.em.persist(application).flush();
    } catch (error) {
      if (violatedConstraint(error) === 'application_one_active') throw new Collision(error);
      throw error;
    }
  }
}
