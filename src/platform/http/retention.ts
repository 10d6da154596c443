import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min, ValidateIf } from 'class-validator';
import type { FailedErasure } from '#kernel/retention';

const months = {
  type: Number,
  minimum: 1,
  maximum: 120,
  nullable: true,
  description: 'null: kept indefinitely',
} as const;

/** A retention rule in the API. */
export class RetentionRuleRequest {
  @IsInt()
  @Min(1)
  @Max(120)
  @ValidateIf((rule: RetentionRuleRequest) => rule.months !== null)
  @ApiProperty(months)
  months!: number | null;
}

export class RetentionRuleResponse {
  @ApiProperty(months) months!: number | null;
}

/** What a rule could not erase yet. The service tries again by itself, with growing gaps. */
export class FailedErasureResponse implements FailedErasure {
  @ApiProperty() tries!: number;
  @ApiProperty({ format: 'date-time' }) first_failed_at!: string;
  @ApiProperty({ format: 'date-time' }) next_try_at!: string;
}
