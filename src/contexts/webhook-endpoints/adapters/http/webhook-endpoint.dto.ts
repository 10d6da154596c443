import { ApiProperty, PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import type { Id } from '#kernel/id';
import { AnyOf } from '#platform/http/filters';
import { IdField, IsId } from '#platform/http/ids';
import { Paging } from '#platform/http/paging';
import { MayBeAbsent, ShortText, storableText } from '#platform/http/text';
import { type EventType, type SubscribableType, subscribableTypes } from '../../contract.js';
import { longestUrl } from '../../domain/endpoint-address.js';
import { type DisabledReason, disabledReasons } from '../../domain/webhook-endpoint.js';
import { type AttemptStatus, attemptStatuses, type ShownAttempt } from '../../views/attempts.js';
import type { ShownEndpoint } from '../../views/webhook-endpoints.js';

const longestDescription = 500;
const time = { type: String, format: 'date-time', nullable: true } as const;
const results =
  'Whether results of checks are sent. Only callers who may see results set it. False unless it is given.';
const names = 'Whether names of candidates are sent. False unless it is given.';

export class CreateWebhookEndpointRequest {
  @ShortText(longestUrl) @ApiProperty({ format: 'uri', example: 'https://hooks.example.org/ats' }) url!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(subscribableTypes.length)
  @ArrayUnique()
  @IsIn(subscribableTypes, { each: true })
  @ApiProperty({ enum: subscribableTypes, isArray: true, uniqueItems: true })
  event_types!: SubscribableType[];

  @IsBoolean()
  @MayBeAbsent()
  @ApiProperty({ required: false, description: results })
  include_results?: boolean;
  @IsBoolean()
  @MayBeAbsent()
  @ApiProperty({ required: false, description: names })
  include_names?: boolean;

  @IsString()
  @MaxLength(longestDescription)
  @Matches(storableText, { message: '$property must hold nothing but characters, and no NUL' })
  @MayBeAbsent()
  @ApiProperty({ required: false })
  description?: string;
}

export class ChangeWebhookEndpointRequest extends PartialType(CreateWebhookEndpointRequest, {
  skipNullProperties: false,
}) {
  @IsBoolean()
  @MayBeAbsent()
  @ApiProperty({ required: false, description: 'Nothing is sent to an endpoint that is switched off.' })
  disabled?: boolean;
}

const withZone = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):?[0-5]\d)$/;

export class ReplayRequest {
  @IsId({ required: false, description: 'The event that is sent again' }) @MayBeAbsent() event_id?: Id;

  @Matches(withZone, { message: 'must be an ISO 8601 time with a zone, such as 2026-10-01T14:03:22Z' })
  @MaxLength(40)
  @MayBeAbsent()
  @ApiProperty({
    required: false,
    format: 'date-time',
    description: 'Sends the newest event of each type about each thing since then, of the last 30 days',
  })
  since?: string;
}

export class AttemptsQuery extends Paging {
  @AnyOf()
  @IsIn(attemptStatuses, { each: true })
  @ApiProperty({ enum: attemptStatuses, isArray: true, required: false })
  status?: AttemptStatus[];
}

export class WebhookEndpointResponse implements ShownEndpoint {
  @IdField() id!: string;
  @ApiProperty({ format: 'uri' }) url!: string;
  @ApiProperty() description!: string;
  @ApiProperty({ enum: subscribableTypes, isArray: true }) event_types!: SubscribableType[];
  @ApiProperty({ description: results }) include_results!: boolean;
  @ApiProperty({ description: names }) include_names!: boolean;
  @ApiProperty() disabled!: boolean;
  @ApiProperty(time) disabled_at!: string | null;

  @ApiProperty({
    type: String,
    enum: disabledReasons,
    nullable: true,
    description:
      '`by_user`: an admin switched it off; `gone`: it answered 410; `failing`: nothing succeeded for five days',
  })
  disabled_reason!: DisabledReason | null;

  @ApiProperty({ ...time, description: 'Since when every attempt has failed' }) failing_since!: string | null;
  @ApiProperty({ ...time, description: 'Until when the secret before the present one also signs' })
  previous_secret_until!: string | null;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
}

const secret = {
  description: 'Verifies signatures (Standard Webhooks). Shown in this answer only.',
  example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};

export class CreatedWebhookEndpointResponse extends WebhookEndpointResponse {
  @ApiProperty({
    ...secret,
    type: 'string',
    nullable: true,
    description: `${secret.description} Null in the answer to a repeat.`,
  })
  secret!: string | null;
}

export class RotatedSecretResponse {
  @ApiProperty(secret) secret!: string;
  @ApiProperty({ format: 'date-time', description: 'Until when the secret before also signs' })
  previous_secret_until!: string;
}

export class TestEventResponse {
  @ApiProperty({ format: 'uuid', description: 'The event in the attempts of the endpoint' }) event_id!: string;
}

export class ReplayResponse {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many events are sent again' }) events!: number;
}

export class WebhookAttemptResponse implements ShownAttempt {
  @IdField() id!: string;
  @ApiProperty({ format: 'uuid', description: 'The `webhook-id` of every attempt to send this event' })
  event_id!: string;
  @ApiProperty({ enum: [...subscribableTypes, 'test'] }) type!: EventType;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ enum: attemptStatuses, description: '`pending`: the endpoint has not answered yet' })
  status!: AttemptStatus;
  @ApiProperty({ type: 'integer', nullable: true }) http_status!: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) duration_ms!: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, in a sentence' }) error!: string | null;
  @ApiProperty({ ...time, description: 'When the event is tried again; null: it is not' }) next_try_at!: string | null;
}
