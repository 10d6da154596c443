import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { type CheckFacts, FindCheck } from '../contract.js';
import type { CheckStatus } from '../domain/check-status.js';
import type { FailureReason } from '../domain/order-outcome.js';
import { reasonOf } from './check-answer.js';

interface Row {
  id: string;
  application_id: string;
  candidate_id: string;
  job_id: string;
  job_stage_item_id: string;
  vendor: string;
  package_id: string;
  package_name: string;
  environment: string | null;
  status: CheckStatus;
  result: string | null;
  failure_reason: string | null;
  status_changed_at: Date | string;
  requested_at: Date | string;
  version: number;
}

/** Where a check does not proceed until a person of the team acts. */
const waitingStatuses: readonly CheckStatus[] = ['needs_decision', 'client_action_required', 'undeliverable'];
const waitingReasons: readonly FailureReason[] = ['cancel_unconfirmed', 'connection_attention'];

const waitsForPerson = ({ status, failure_reason: reason }: Row): boolean =>
  waitingStatuses.includes(status) ||
  (reason !== null && (reason.startsWith('refused_by_') || waitingReasons.some((one) => one === reason)));

/** A check as other systems are told of it. */
@QueryHandler(FindCheck)
export class FindCheckHandler implements IQueryHandler<FindCheck, CheckFacts | null> {
  constructor(private readonly database: Database) {}

  async execute({ teamId, checkId }: FindCheck): Promise<CheckFacts | null> {
    const row = await this.database.first(sql<Row>`
      select id, application_id, candidate_id, job_id, job_stage_item_id, vendor, package_id, package_name, environment, status,
             result, failure_reason, status_changed_at, requested_at, version
      from background_checks.background_check where team_id = ${teamId} and id = ${checkId}`);
    return row && factsOf(row);
  }
}

const factsOf = (row: Row): CheckFacts => ({
  id: row.id,
  revision: row.version,
  applicationId: row.application_id,
  candidateId: row.candidate_id,
  jobId: row.job_id,
  jobStageItemId: row.job_stage_item_id,
  vendor: row.vendor,
  package: { id: row.package_id, name: row.package_name },
  environment: row.environment,
  status: row.status,
  statusChangedAt: isoTime(row.status_changed_at),
  requestedAt: isoTime(row.requested_at),
  result: row.result,
  failureReason: row.failure_reason === null ? null : reasonOf(row.failure_reason),
  needsAttention: waitsForPerson(row),
});
