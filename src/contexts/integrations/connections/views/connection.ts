import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { DeadLetters } from '#platform/events/dead-letters';
import { RecurringWork } from '#platform/recurring/recurring-work';
import type { Vendor } from '../../gateway/domain/vendor.js';
import type { WebhookStatus } from '../domain/webhook-status.js';
import { VendorFacts } from '../vendor-facts.js';
import { IntegrationsSettings } from '../../settings.js';

type Time = Date | string | null;

interface SavedSecret {
  last4: string;
  savedAt: string;
  savedBy: string;
}

interface Row {
  vendor: string;
  state: 'enabled' | 'action_required' | 'disabled';
  region: string;
  environment: string;
  api_key: SavedSecret;
  saved_by_name: string | null;
  webhook_secret: SavedSecret;
  previous_accepted_until: Time;
  last_error: { reason: string; message: string; at: string } | null;
  last_event_at: Time;
  last_call_at: Time;
  used_today: number;
  rejected_signatures: number;
  sweep_interval_seconds: number | null;
  webhooks_silent_since: Time;
  webhooks_state: WebhookStatus['state'];
  webhooks_since: Time;
  webhooks_likely_cause: WebhookStatus['likelyCause'];
  webhooks_refused: number;
  paused_until: Time;
}

/** What every user reads of a vendor. */
export interface ListedConnection {
  vendor: string;
  name: string;
  category: 'background_check';
  state: 'not_connected' | Row['state'];
}

/** What an admin reads. */
export interface ShownConnection extends ListedConnection {
  capabilities: string[];
  regions: { id: string; label: string }[];
  environments: string[];
  region: string | null;
  environment: string | null;
  api_key: {
    saved: boolean;
    last4: string | null;
    saved_at: string | null;
    saved_by: { id: string; name: string | null } | null;
    expires_at: string | null;
  };
  webhook_secret_key: {
    saved: boolean;
    last4: string | null;
    saved_at: string | null;
    previous_accepted_until: string | null;
  };
  webhook_url: string;
  health: {
    last_event_at: string | null;
    last_call_at: string | null;
    last_error: Row['last_error'];
    rejected_signatures_24h: number;
    webhooks: {
      state: WebhookStatus['state'];
      since: string | null;
      likely_cause: WebhookStatus['likelyCause'];
      refused_events: number;
    };
    webhooks_silent_since: string | null;
    paused_until: string | null;
    parked_jobs: number;
    budget: { used_today: number; per_day: number; sweep_interval_seconds: number | null };
  };
  setup_steps: string[];
}

const stateOfIt = sql`
  case when c.disabled_at is not null then 'disabled' when c.attention is not null then 'action_required' else 'enabled' end`;

/** A team's connection to a vendor. This view never decrypts a secret. */
@Injectable()
export class ConnectionView {
  constructor(
    private readonly database: Database,
    private readonly settings: IntegrationsSettings,
    private readonly facts: VendorFacts,
    private readonly deadLetters: DeadLetters,
    private readonly recurring: RecurringWork,
  ) {}

  /** Every vendor of this release. */
  async listed(teamId: string): Promise<ListedConnection[]> {
    const rows = await this.database.rows(sql<Pick<Row, 'vendor' | 'state'>>`
      select c.vendor, ${stateOfIt} as state from integrations.connection c where c.team_id = ${teamId} and c.current`);
    const states = new Map(rows.map(({ vendor, state }) => [vendor, state]));
    return this.facts.all.map(({ id: vendor, name }) => ({
      vendor,
      name,
      category: 'background_check',
      state: states.get(vendor) ?? 'not_connected',
    }));
  }

  /** `vendorId`: a vendor of this release. */
  async of(teamId: string, vendorId: string): Promise<ShownConnection> {
    const row = await this.database.first(sql<Row>`
      select c.vendor, c.region, c.environment, c.api_key, c.webhook_secret, c.last_error, u.name as saved_by_name,
             ${stateOfIt} as state,
             case when c.previous_accepted_until > now() then c.previous_accepted_until end as previous_accepted_until,
             (select d.received_at from integrations.inbound_event d
              where d.team_id = c.team_id and d.connection_id = c.id order by d.id desc limit 1) as last_event_at,
             (select max(b.last_call_at) from integrations.vendor_budget b
              where b.account_key = c.account_key and b.used > 0) as last_call_at,
             coalesce((select b.used from integrations.vendor_budget b
                       where b.account_key = c.account_key and b.span = 'day'
                         and b.started_at > now() - interval '1 day'), 0) as used_today,
             (select coalesce(sum(r.count), 0)::int from integrations.rejected_signature r
              where r.team_id = c.team_id and r.connection_id = c.id
                and r.hour > now() - interval '24 hours') as rejected_signatures,
             (select r.interval_seconds from integrations.scheduled_task r
              where r.team_id = c.team_id and r.connection_id = c.id and r.kind = 'sweep') as sweep_interval_seconds,
             w.state as webhooks_state, w.since as webhooks_since, w.likely_cause as webhooks_likely_cause,
             w.refused as webhooks_refused,
             (select s.since from integrations.connection_missing_webhooks s
              where s.team_id = c.team_id and s.connection_id = c.id) as webhooks_silent_since,
             (select max(until) from integrations.circuit_breaker b,
                     lateral (values (b.open_until), (b.throttled_until)) as pauses (until)
              where b.account_key = c.account_key and until > now()) as paused_until
      from integrations.connection c
      join integrations.webhook_status w on w.team_id = c.team_id and w.connection_id = c.id
      left join access.pub_user u on u.team_id = c.team_id and u.id = (c.api_key ->> 'savedBy')::uuid
      where c.team_id = ${teamId} and c.current and c.vendor = ${vendorId}`);
    const vendor = this.facts.of(vendorId);
    const webhookUrl = `${this.settings.webhookPublicUrl}${vendor.webhooks.path}`;
    return {
      vendor: vendor.id,
      name: vendor.name,
      category: 'background_check',
      ...offerOf(vendor),
      state: row?.state ?? 'not_connected',
      region: row?.region ?? null,
      environment: row?.environment ?? null,
      api_key: this.apiKey(row),
      webhook_secret_key: webhookSecret(row),
      webhook_url: webhookUrl,
      health: this.health(
        vendor,
        row,
        (await this.deadLetters.countOf(teamId)) + (await this.recurring.countOf(teamId)),
      ),
      setup_steps: vendor.setupSteps(webhookUrl),
    };
  }

  private apiKey(row: Row | null): ShownConnection['api_key'] {
    if (!row) return { saved: false, last4: null, saved_at: null, saved_by: null, expires_at: null };
    const { last4, savedAt, savedBy } = row.api_key;
    const savedByWhom = { id: savedBy, name: row.saved_by_name };
    return {
      saved: true,
      last4,
      saved_at: isoTime(savedAt),
      saved_by: savedByWhom,
      expires_at: isoTime(this.facts.keyExpiresAt(row.vendor, savedAt)),
    };
  }

  private health({ limits }: Vendor, row: Row | null, deadLetters: number): ShownConnection['health'] {
    return {
      last_event_at: isoTime(row?.last_event_at ?? null),
      last_call_at: isoTime(row?.last_call_at ?? null),
      last_error: row?.last_error ?? null,
      rejected_signatures_24h: row?.rejected_signatures ?? 0,
      webhooks: {
        state: row?.webhooks_state ?? 'waiting',
        since: isoTime(row?.webhooks_since ?? null),
        likely_cause: row?.webhooks_likely_cause ?? null,
        refused_events: row?.webhooks_refused ?? 0,
      },
      webhooks_silent_since: isoTime(row?.webhooks_silent_since ?? null),
      paused_until: isoTime(row?.paused_until ?? null),
      parked_jobs: deadLetters,
      budget: {
        used_today: row?.used_today ?? 0,
        per_day: limits.requestsPerDay,
        sweep_interval_seconds: row ? (row.sweep_interval_seconds ?? this.settings.sweepSeconds) : null,
      },
    };
  }
}

const offerOf = ({ capabilities, regions, environments }: Vendor) => ({
  capabilities: Object.entries(capabilities).flatMap(([name, has]) => (has ? [name] : [])),
  regions: regions.map(({ id, label }) => ({ id, label })),
  environments: [...environments],
});

function webhookSecret(row: Row | null): ShownConnection['webhook_secret_key'] {
  if (!row) return { saved: false, last4: null, saved_at: null, previous_accepted_until: null };
  const { last4, savedAt } = row.webhook_secret;
  return {
    saved: true,
    last4,
    saved_at: isoTime(savedAt),
    previous_accepted_until: isoTime(row.previous_accepted_until),
  };
}
