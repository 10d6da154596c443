import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { type CheckFacts, FindCheck } from '#contexts/background-checks';
import { candidateView } from '#contexts/hiring';
import { type ConnectionStateFacts, GetConnectionState, ListVendors, type VendorFacts } from '#contexts/integrations';
import { readId } from '#kernel/id';
import { Database } from '#platform/database/database';
import type { EventType } from '../../contract.js';
import { Things } from '../../domain/things.js';
import type { WebhookEndpoint } from '../../domain/webhook-endpoint.js';
import { WebhookEndpoints } from '../../domain/webhook-endpoints.js';

type Rights = Pick<WebhookEndpoint, 'includeResults' | 'includeNames'>;
type Data = Record<string, unknown>;
type Read = (teamId: string, subject: string, rights: Rights) => Promise<Data>;

@Injectable()
export class PresentThings extends Things {
  /** By the first word of the type. */
  private readonly readers: Record<string, Read> = {
    background_check: (teamId, id, rights) => this.check(teamId, id, rights),
    integration: (teamId, vendor) => this.integration(teamId, vendor),
    webhook_endpoint: (teamId, id) => this.endpoint(teamId, id),
    test: async () => ({ message: 'This is a test.' }),
  };

  constructor(
    private readonly queries: QueryBus,
    private readonly database: Database,
    private readonly endpoints: WebhookEndpoints,
  ) {
    super();
  }

  async dataOf(event: { teamId: string; type: EventType; subject: string }, rights: Rights): Promise<Data> {
    const { teamId, type, subject } = event;
    const read = this.readers[type.split('.')[0] ?? ''];
    return { id: subject, ...(await read?.(teamId, subject, rights)) };
  }

  private async check(teamId: string, id: string, { includeResults, includeNames }: Rights): Promise<Data> {
    const check = await this.queries.execute<FindCheck, CheckFacts | null>(new FindCheck(teamId, id));
    if (!check) return {};
    return {
      revision: check.revision,
      application_id: check.applicationId,
      candidate_id: check.candidateId,
      job_id: check.jobId,
      job_stage_item_id: check.jobStageItemId,
      vendor: check.vendor,
      package: check.package,
      environment: check.environment,
      status: check.status,
      status_changed_at: check.statusChangedAt,
      requested_at: check.requestedAt,
      failure_reason: check.failureReason,
      needs_attention: check.needsAttention,
      ...(includeResults ? { result: check.result } : {}),
      ...(includeNames ? { candidate: await this.namesOf(teamId, check.candidateId) } : {}),
    };
  }

  /** null: anonymised. */
  private namesOf(teamId: string, candidateId: string): Promise<object | null> {
    return this.database.first(sql<{ first_name: string; last_name: string }>`
      select first_name, last_name from ${sql.table(candidateView)}
      where team_id = ${teamId} and id = ${candidateId} and anonymised_at is null`);
  }

  private async integration(teamId: string, vendor: string): Promise<Data> {
    const vendors = await this.queries.execute<ListVendors, VendorFacts[]>(new ListVendors());
    const query = new GetConnectionState(teamId, vendor);
    const { state, environment } = await this.queries.execute<GetConnectionState, ConnectionStateFacts>(query);
    return { name: vendors.find(({ id }) => id === vendor)?.name ?? vendor, state, environment };
  }

  private async endpoint(teamId: string, subject: string): Promise<Data> {
    const id = readId(subject);
    const endpoint = id && (await this.endpoints.find(teamId, id));
    if (!endpoint) return {};
    return { disabled_at: endpoint.disabledAt?.toISOString() ?? null, reason: endpoint.disabledReason };
  }
}
