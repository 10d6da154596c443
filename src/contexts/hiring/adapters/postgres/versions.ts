import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { type ChangeEntries, type Thing, VersionedPart, VersionedRow } from '#platform/versions/versioned-part';
import { VersionedRule } from '#platform/versions/versioned-rule';

@Injectable()
class JobVersion extends VersionedRow {
  readonly subject = 'job';
  protected readonly table = 'hiring.job';
  protected readonly actions = ['job.create', 'job.update'];
}

/** The candidate's own fields: a new application is no change of them. */
@Injectable()
class CandidateVersion extends VersionedRow {
  readonly subject = 'candidate';
  protected readonly table = 'hiring.candidate';
  protected readonly actions = ['candidate.create', 'candidate.update', 'candidate.legal_hold', 'candidate.anonymise'];
}

@Injectable()
class ApplicationVersion extends VersionedRow {
  readonly subject = 'application';
  protected readonly table = 'hiring.application';
  protected readonly actions = ['application.create', 'application.update'];
}

/** All permissions on one job, named by the job. */
@Injectable()
class JobPermissionsVersion extends VersionedPart {
  readonly subject = 'job_permissions';

  constructor(private readonly database: Database) {
    super();
  }

  state({ teamId, key }: Thing): Promise<unknown> {
    return this.database.rows(sql`
      select p.user_id, p.permissions, p.xmin::text from hiring.job_permission p
      where p.team_id = ${teamId} and p.job_id = ${key} order by p.user_id`);
  }

  async lock({ teamId, key }: Thing): Promise<void> {
    await this.database.rows(sql`select 1 from hiring.job where team_id = ${teamId} and id = ${key} for update`);
    await this.database.rows(sql`
      select 1 from hiring.job_permission where team_id = ${teamId} and job_id = ${key} order by user_id for update`);
  }

  async changes({ key }: Thing): Promise<ChangeEntries> {
    return { entityId: key, actions: ['permissions.replace'] };
  }
}

@Injectable()
class RetentionRuleVersion extends VersionedRule {
  readonly subject = 'retention_rule';
  protected readonly table = 'hiring.retention_rule';
  protected readonly action = 'retention_rule.update';
}

export const hiringVersions = [
  JobVersion,
  CandidateVersion,
  ApplicationVersion,
  JobPermissionsVersion,
  RetentionRuleVersion,
];
