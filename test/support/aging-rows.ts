/** How a row of a given age is added to a table with automatic deletion, and which ages are deleted and kept. */
export interface AgingTable {
  table: string;
  task: string;
  /** The age of a row that is deleted, and of one that stays. */
  goes: string;
  stays: string;
  /** Inserts a row of that age, of the team `$1` and the connection `$2`. */
  insert: (age: string) => string;
  /** A condition on the age, which identifies the younger row as the one that stays. */
  since: string;
}

const ago = (age: string): string => `now() - interval '${age}'`;
const id = 'gen_random_uuid()';
const text = `${id}::text`;

/** Every table with automatic deletion in `docs/retention.md`. Tables deleted with their connection are tested with it. */
export const agingTables: AgingTable[] = [
  {
    ...{ table: 'access.api_key', task: 'DeleteExpiredKeys', goes: '31 days', stays: '29 days', since: 'expires_at' },
    insert: (age) => `
      with account as (insert into access.service_account
          (team_id, id, name, access_level, scopes, disabled, steward_ids, created_at, updated_at)
        values ($1, ${id}, 'A', 'limited', '{}', false, '{}', now(), now()) returning id)
      insert into access.api_key (team_id, id, service_account_id, hash, last4, created_at, expires_at)
      select $1, ${id}, id, ${text}::bytea, 'last', now(), ${ago(age)} from account where $2::uuid is not null`,
  },
  {
    ...{
      table: 'access.session',
      task: 'DeleteEndedSessions',
      goes: '1 minute',
      stays: '-1 minutes',
      since: 'ends_at',
    },
    insert: (age) => `
      with person as (insert into access.user_account
          (team_id, id, name, email, access_level, disabled, linked_candidate_ids, created_at, updated_at)
        values ($1, ${id}, 'A', 'a', 'admin', false, '{}', now(), now()) returning id)
      insert into access.session (id, team_id, user_id, issuer, subject, authenticated_at, created_at, last_seen_at, ends_at)
      select ${text}::bytea, $1, id, 'i', 's', now(), now(), now(), ${ago(age)} from person where $2::uuid is not null`,
  },
  {
    ...{ table: 'access.used_logout_token', task: 'DeleteEndedSessions', goes: '1 minute', stays: '-1 minutes' },
    since: 'expires_at',
    insert: (age) => `
      insert into access.used_logout_token (id, expires_at)
      select ${text}::bytea, ${ago(age)} where $1::uuid <> $2::uuid`,
  },
  {
    ...{ table: 'background_checks.history_entry', task: 'DeleteErasedHistories', goes: '31 days', stays: '29 days' },
    since: 'emptied_at',
    insert: (age) => `
      insert into background_checks.history_entry (team_id, check_id, revision, at, kind, source, emptied_at)
      select $1, ${id}, 1, now() - interval '9 years', 'requested', 'user', ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{
      table: 'background_checks.idempotency_record',
      task: 'DeleteOldIdempotencyRecords',
      goes: '25 hours',
      stays: '23 hours',
    },
    since: 'created_at',
    insert: (age) => `
      insert into background_checks.idempotency_record (team_id, user_id, path, key, body, check_id, answer, created_at)
      select $1, ${id}, '/', 'k', '', ${id}, '{}', ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'background_checks.removal_failure', task: 'DeleteRemovalFailures', goes: '31 days', stays: '29 days' },
    since: 'next_try_at',
    insert: (age) => `
      insert into background_checks.removal_failure (team_id, check_id, tries, first_failed_at, next_try_at)
      select $1, ${id}, 1, ${ago('9 years')}, ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'platform.change', task: 'DeleteOldChanges', goes: '31 days', stays: '29 days', since: 'changed_at' },
    insert: (age) => `
      insert into platform.change (team_id, type, subject_id, seq, lost_seq, team_lost_seq, changed_at)
      select $1, 'job', ${id}, 1, 0, 0, ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'hiring.erasure_failure', task: 'DeleteErasureFailures', goes: '31 days', stays: '29 days' },
    since: 'next_try_at',
    insert: (age) => `
      insert into hiring.erasure_failure (team_id, candidate_id, tries, first_failed_at, next_try_at)
      select $1, ${id}, 1, ${ago('9 years')}, ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'integrations.inbound_event', task: 'DeleteOldInboundEvents', goes: '91 days', stays: '89 days' },
    since: 'received_at',
    // Event ids sort by time.
    insert: (age) => `
      insert into integrations.inbound_event
        (team_id, id, connection_id, order_id, case_id, event_id, event_type, received_at, announced_at)
      select $1, (lpad(to_hex((extract(epoch from ${ago(age)}) * 1000)::bigint), 12, '0') || substr(md5(${text}), 13))::uuid,
             $2, ${id}, 'case', ${text}, 'CASE_STATUS_CHANGED', ${ago(age)}, ${ago(age)}`,
  },
  {
    ...{ table: 'integrations.discrepancy', task: 'DeleteExpired', goes: '401 days', stays: '399 days' },
    since: 'found_at',
    insert: (age) => `
      insert into integrations.discrepancy (team_id, id, connection_id, kind, case_id, ordered_at, found_at)
      values ($1, ${id}, $2, 'case_without_order', ${text}, now(), ${ago(age)})`,
  },
  {
    ...{
      table: 'integrations.unmatched_case',
      task: 'DeleteExpired',
      goes: '8 days',
      stays: '6 days',
      since: 'received_at',
    },
    insert: (age) => `
      insert into integrations.unmatched_case (team_id, connection_id, case_id, received_at) values ($1, $2, ${text}, ${ago(age)})`,
  },
  {
    ...{ table: 'integrations.rejected_signature', task: 'DeleteExpired', goes: '31 days', stays: '29 days' },
    since: 'hour',
    insert: (age) => `
      insert into integrations.rejected_signature (team_id, connection_id, hour, count) values ($1, $2, ${ago(age)}, 1)`,
  },
  {
    ...{ table: 'integrations.report', task: 'DeleteExpired', goes: '61 minutes', stays: '50 minutes' },
    since: 'requested_at',
    insert: (age) => `
      insert into integrations.report (team_id, order_id, report_id, requested_at)
      select $1, ${id}, 'r', ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'integrations.vendor_budget', task: 'DeleteIdleAccounts', goes: '31 days', stays: '29 days' },
    since: 'last_call_at',
    insert: (age) => `
      insert into integrations.vendor_budget (account_key, span, started_at, used, last_call_at)
      select ${text}, 'day', ${ago(age)}, 1, ${ago(age)} where $1::uuid <> $2::uuid`,
  },
  {
    ...{ table: 'integrations.circuit_breaker', task: 'DeleteIdleAccounts', goes: '1 minute', stays: '-1 minutes' },
    since: 'open_until',
    insert: (age) => `
      insert into integrations.circuit_breaker (account_key, open_until)
      select ${text}, ${ago(age)} where $1::uuid <> $2::uuid`,
  },
  {
    ...{ table: 'platform.recurring_fault', task: 'DeleteOldFaults', goes: '49 hours', stays: '47 hours' },
    since: 'failed_at',
    insert: (age) => `
      insert into platform.recurring_fault (work, subject, failures, since, failed_at, next_try_at, why)
      select ${text}, '', 1, ${ago('9 years')}, ${ago(age)}, now(), 'w' where $1::uuid <> $2::uuid`,
  },
  {
    ...{ table: 'platform.request_key', task: 'DeleteOldRequestKeys', goes: '25 hours', stays: '23 hours' },
    since: 'created_at',
    insert: (age) => `
      insert into platform.request_key (team_id, user_id, path, key, body, made_id, created_at)
      select $1, ${id}, '/', 'k', '', ${id}, ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'platform.rate_limit', task: 'DeleteOldRateLimits', goes: '2 minutes', stays: '30 seconds' },
    since: 'to_timestamp(expire / 1000)',
    insert: (age) => `
      insert into platform.rate_limit (key, points, expire)
      select ${text}, 1, extract(epoch from ${ago(age)}) * 1000 where $1::uuid <> $2::uuid`,
  },
  {
    ...{ table: 'webhook_endpoints.attempt', task: 'DeleteOldWebhookEvents', goes: '31 days', stays: '29 days' },
    since: 'at',
    insert: (age) => `
      insert into webhook_endpoints.attempt (team_id, endpoint_id, id, event_id, type, at)
      select $1, ${id}, ${id}, ${id}, 'test', ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'webhook_endpoints.delivery', task: 'DeleteOldWebhookEvents', goes: '31 days', stays: '29 days' },
    since: 'created_at',
    insert: (age) => `
      insert into webhook_endpoints.delivery (team_id, endpoint_id, event_id, subject, type, at, created_at)
      select $1, ${id}, ${id}, 's', 'test', now(), ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'webhook_endpoints.event', task: 'DeleteOldWebhookEvents', goes: '31 days', stays: '29 days' },
    since: 'at',
    insert: (age) => `
      insert into webhook_endpoints.event (team_id, id, type, subject, at)
      select $1, ${id}, 'test', 's', ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'webhook_endpoints.announced', task: 'DeleteOldWebhookEvents', goes: '31 days', stays: '29 days' },
    since: 'updated_at',
    insert: (age) => `
      insert into webhook_endpoints.announced (team_id, subject, updated_at)
      select $1, ${text}, ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'webhook_endpoints.endpoint', task: 'DeleteRemovedEndpoints', goes: '2 minutes', stays: '30 seconds' },
    since: 'deleted_at',
    insert: (age) => `
      insert into webhook_endpoints.endpoint
        (team_id, id, url, description, event_types, include_results, include_names, created_by, deleted_at)
      select $1, ${id}, 'https://example.org/', '', '{test}', false, false, ${id}, ${ago(age)} where $2::uuid is not null`,
  },
  {
    ...{ table: 'webhook_endpoints.stream', task: 'DeleteRemovedEndpoints', goes: '2 minutes', stays: '30 seconds' },
    since: 'due_at',
    // Goes with its endpoint, however old it is itself. The younger one has an endpoint.
    insert: (age) => `
      with endpoint as (
        insert into webhook_endpoints.endpoint
          (team_id, id, url, description, event_types, include_results, include_names, created_by, deleted_at)
        select $1, ${id}, 'https://example.org/', '', '{test}', false, false, ${id},
               case when '${age}' = '2 minutes' then now() - interval '30 seconds' end
        where $2::uuid is not null returning id)
      insert into webhook_endpoints.stream (team_id, endpoint_id, subject, due_at)
      select $1, id, ${text}, ${ago(age)} from endpoint`,
  },
];
