import { ApiProperty } from '@nestjs/swagger';
import { refusalCauses, type WebhookStatus, webhookStates } from '../../domain/webhook-status.js';
import type { ShownConnection } from '../../views/connection-view.js';

const nullable = { type: String, nullable: true } as const;
const nullableTime = { type: String, format: 'date-time', nullable: true } as const;

class SavedByResponse {
  @ApiProperty() id!: string;
  @ApiProperty(nullable) name!: string | null;
}

class ApiKeyResponse {
  @ApiProperty() saved!: boolean;
  @ApiProperty(nullable) last4!: string | null;
  @ApiProperty(nullableTime) saved_at!: string | null;
  @ApiProperty({ type: SavedByResponse, nullable: true }) saved_by!: SavedByResponse | null;
  @ApiProperty({ ...nullableTime, description: "saved_at + 365 days: Certn's rule" }) expires_at!: string | null;
}

class WebhookSecretResponse {
  @ApiProperty() saved!: boolean;
  @ApiProperty(nullable) last4!: string | null;
  @ApiProperty(nullableTime) saved_at!: string | null;
  @ApiProperty({ ...nullableTime, description: 'Until then the secret before this one counts too' })
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
  @ApiProperty({ type: Number, nullable: true, description: 'How long a round over all open cases takes' })
  sweep_interval_seconds!: number | null;
}

class WebhooksResponse {
  @ApiProperty({
    enum: webhookStates,
    description: 'waiting: no event that the saved secret fits has come yet; refused: several in a row did not fit',
  })
  state!: WebhookStatus['state'];

  @ApiProperty({ ...nullableTime, description: 'Since when they work or are refused; null while waiting' })
  since!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    enum: refusalCauses,
    description:
      'Why events are refused. wrong_secret: none ever fitted the saved secret; secret_changed: they did before, so the ' +
      "secret was changed at Certn, another account's webhook has this URL, or a stranger sends events",
  })
  likely_cause!: WebhookStatus['likelyCause'];

  @ApiProperty({ description: 'Refused since the last good event, about cases of this team' }) refused_events!: number;
}

class HealthResponse {
  @ApiProperty(nullableTime) last_event_at!: string | null;
  @ApiProperty(nullableTime) last_call_at!: string | null;
  @ApiProperty({ type: LastErrorResponse, nullable: true }) last_error!: LastErrorResponse | null;
  @ApiProperty() rejected_signatures_24h!: number;
  @ApiProperty() webhooks!: WebhooksResponse;
  @ApiProperty({
    ...nullableTime,
    description: 'Since then cases change and no webhook says so; null while webhooks come',
  })
  webhooks_silent_since!: string | null;
  @ApiProperty({
    ...nullableTime,
    description: 'Until then orders wait unsent: Certn asked for a pause, or orders of the account failed in a row',
  })
  paused_until!: string | null;
  @ApiProperty({
    description: 'Work on events and orders of this team that was tried in vain and waits for the operator',
  })
  parked_jobs!: number;
  @ApiProperty() budget!: BudgetResponse;
}

/** The answer of `GET /integrations/certn`. Every field is always present. */
export class CertnConnectionResponse implements ShownConnection {
  @ApiProperty({ enum: ['not_connected', 'enabled', 'attention', 'disabled'] }) state!: ShownConnection['state'];
  @ApiProperty({ ...nullable, enum: ['ca', 'uk', 'au'] }) region!: string | null;
  @ApiProperty({ ...nullable, enum: ['production', 'sandbox'] }) environment!: string | null;
  @ApiProperty() api_key!: ApiKeyResponse;
  @ApiProperty() webhook_secret_key!: WebhookSecretResponse;
  @ApiProperty() webhook_url!: string;
  @ApiProperty() health!: HealthResponse;
  @ApiProperty({ type: [String] }) setup_steps!: string[];
}
