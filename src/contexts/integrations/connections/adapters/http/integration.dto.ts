import { ApiProperty, PickType } from '@nestjs/swagger';
import type { Capabilities } from '../../../gateway/domain/vendor.js';
import { IdField } from '#platform/http/ids';
import { refusalCauses, type WebhookStatus, webhookStates } from '../../domain/webhook-status.js';
import type { ListedConnection, ShownConnection } from '../../views/connection.js';

const capabilities = [
  'idempotentOrders',
  'listByTime',
  'eventsFeed',
  'handshake',
  'cancellation',
  'reportDownload',
] satisfies (keyof Capabilities)[];
const nullable = { type: String, nullable: true } as const;
const nullableTime = { type: String, format: 'date-time', nullable: true } as const;

class SavedByResponse {
  @IdField() id!: string;
  @ApiProperty(nullable) name!: string | null;
}

class ApiKeyResponse {
  @ApiProperty() saved!: boolean;
  @ApiProperty(nullable) last4!: string | null;
  @ApiProperty(nullableTime) saved_at!: string | null;
  @ApiProperty({ type: SavedByResponse, nullable: true }) saved_by!: SavedByResponse | null;
  @ApiProperty({ ...nullableTime, description: "saved_at and as long as the vendor's keys work" }) expires_at!:
    string | null;
}

class WebhookSecretResponse {
  @ApiProperty() saved!: boolean;
  @ApiProperty(nullable) last4!: string | null;
  @ApiProperty(nullableTime) saved_at!: string | null;
  @ApiProperty({ ...nullableTime, description: 'Until then, the previous secret works too' })
  previous_accepted_until!: string | null;
}

class LastErrorResponse {
  @ApiProperty() reason!: string;
  @ApiProperty() message!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
}

class BudgetResponse {
  @ApiProperty() used_today!: number;
  @ApiProperty() per_day!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'How long a sweep of all open cases takes' })
  sweep_interval_seconds!: number | null;
}

class WebhooksResponse {
  @ApiProperty({
    enum: webhookStates,
    description: 'waiting: no event has matched the saved secret yet; refused: several in a row did not match',
  })
  state!: WebhookStatus['state'];

  @ApiProperty({ ...nullableTime, description: 'Since when events work or are rejected; null while waiting' })
  since!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    enum: refusalCauses,
    description:
      'The likely cause of rejected events. wrong_secret: none has matched the saved secret; secret_changed: earlier ones matched, so the ' +
      "secret was changed at the vendor, another account's webhook has this URL, or another sender uses it",
  })
  likely_cause!: WebhookStatus['likelyCause'];

  @ApiProperty({ description: 'Rejected since the last valid event, about cases of this team' })
  refused_events!: number;
}

class HealthResponse {
  @ApiProperty(nullableTime) last_event_at!: string | null;
  @ApiProperty(nullableTime) last_call_at!: string | null;
  @ApiProperty({ type: LastErrorResponse, nullable: true }) last_error!: LastErrorResponse | null;
  @ApiProperty() rejected_signatures_24h!: number;
  @ApiProperty() webhooks!: WebhooksResponse;
  @ApiProperty({
    ...nullableTime,
    description: 'Since then, cases have changed without a webhook event; null while events arrive',
  })
  webhooks_silent_since!: string | null;
  @ApiProperty({
    ...nullableTime,
    description:
      'Until then, orders are on hold: the vendor asked for a pause, or several orders of the account failed in a row',
  })
  paused_until!: string | null;
  @ApiProperty({
    description: 'Jobs of this team that failed after all retries and need support',
  })
  parked_jobs!: number;
  @ApiProperty() budget!: BudgetResponse;
}

class RegionResponse {
  @ApiProperty() id!: string;
  @ApiProperty() label!: string;
}

/** A vendor and the team's connection to it. Every field is always present. */
export class IntegrationResponse implements ShownConnection {
  @ApiProperty({ description: 'Its id, as in paths.' }) vendor!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ['background_check'] }) category!: ShownConnection['category'];
  @ApiProperty({ type: [String], description: `What the vendor can do: ${capabilities.join(', ')}` })
  capabilities!: string[];
  @ApiProperty({
    type: [RegionResponse],
    description: 'Where accounts may be, the usual one first. Empty: it has none',
  })
  regions!: RegionResponse[];
  @ApiProperty({ type: [String], description: 'The usual one first' }) environments!: string[];
  @ApiProperty({ enum: ['not_connected', 'enabled', 'action_required', 'disabled'] }) state!: ShownConnection['state'];
  @ApiProperty({ ...nullable, description: 'The id of one of `regions`' }) region!: string | null;
  @ApiProperty({ ...nullable, enum: ['production', 'sandbox'] }) environment!: string | null;
  @ApiProperty() api_key!: ApiKeyResponse;
  @ApiProperty() webhook_secret_key!: WebhookSecretResponse;
  @ApiProperty() webhook_url!: string;
  @ApiProperty() health!: HealthResponse;
  @ApiProperty({ type: [String] }) setup_steps!: string[];
}

/** A vendor, and whether the team is connected to it. */
export class ListedIntegrationResponse
  extends PickType(IntegrationResponse, ['vendor', 'name', 'category', 'state'])
  implements ListedConnection {}
