import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { type AccessLevel, accessLevels } from '#kernel/caller';
import { type Scope, scopes } from '#kernel/scopes';
import { IdField } from '#platform/http/ids';
import { MayBeAbsent, ShortText } from '#platform/http/text';
import type { ServiceAccountView, ShownKey } from '../../views/service-accounts.js';
import { AccessLevelField, ReferenceResponse } from './person.dto.js';

const time = { format: 'date-time' };
const maybeTime = { type: String, format: 'date-time', nullable: true };
const ofScopes = { enum: scopes, isArray: true };

export class CreateServiceAccountRequest {
  @ShortText() @ApiProperty() name!: string;
  @IsIn(accessLevels) @AccessLevelField() access_level!: AccessLevel;

  @IsArray()
  @ArrayMaxSize(scopes.length)
  @IsIn(scopes, { each: true })
  @ApiProperty({ ...ofScopes, description: 'They narrow what the access level and the job permissions allow' })
  scopes!: Scope[];

  @IsString()
  @MaxLength(255)
  @Matches(/^[\x21-\x7e]+$/, { message: 'Enter the id of the client as the identity provider shows it.' })
  @IsOptional()
  @ApiProperty({
    type: String,
    nullable: true,
    required: false,
    description: 'The client of the identity provider whose own tokens (`client_credentials`) act as this account',
  })
  client_id?: string | null;

  @IsBoolean() @MayBeAbsent() @ApiProperty({ required: false }) disabled?: boolean;
}

export class ChangeServiceAccountRequest extends PartialType(CreateServiceAccountRequest, {
  skipNullProperties: false,
}) {}

export class ServiceAccountKeyResponse implements ShownKey {
  @IdField() id!: string;
  @ApiProperty({ description: 'The last four characters of the key' }) last4!: string;
  @ApiProperty(time) created_at!: string;
  @ApiProperty(time) expires_at!: string;
  @ApiProperty({ ...maybeTime, description: 'To the minute' }) last_used_at!: string | null;
}

export class ServiceAccountResponse extends ReferenceResponse implements ServiceAccountView {
  @AccessLevelField() access_level!: AccessLevel;
  @ApiProperty(ofScopes) scopes!: Scope[];
  @ApiProperty({ type: String, nullable: true }) client_id!: string | null;
  @ApiProperty() disabled!: boolean;
  @ApiProperty({ ...maybeTime, description: 'With any of its keys or a token of its client, to the minute' })
  last_used_at!: string | null;
  @ApiProperty({ type: [ServiceAccountKeyResponse], description: 'Newest first, without the keys themselves' })
  keys!: ServiceAccountKeyResponse[];
  @ApiProperty(time) created_at!: string;
  @ApiProperty(time) updated_at!: string;
  @ApiProperty({ ...maybeTime, description: 'Listed with include_deleted from then on' }) deleted_at!: string | null;
}

export const longestDays = 365;

export class IssueKeyRequest {
  @IsInt() @Min(1) @Max(longestDays) @ApiProperty() expires_in_days!: number;
}

export class IssuedKeyResponse extends OmitType(ServiceAccountKeyResponse, ['created_at', 'last_used_at']) {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Sent as `X-API-Key`. No other answer shows it; null in a repeat of the request that made it.',
  })
  key!: string | null;
}
