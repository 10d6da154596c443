import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsISO8601, IsOptional, Matches } from 'class-validator';
import { Paging } from './paging.js';

const withZone = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):?[0-5]\d)$/;
const message = 'must be an ISO 8601 time with a zone, such as 2026-10-01T14:03:22Z';

/** A valid time with its zone. A time that only the database rejects would become an internal error. */
const TimeFilter = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ format: 'date-time' }),
    Matches(withZone, { message }),
    IsISO8601({ strict: true }, { message }),
    IsOptional(),
  );

/** The most values of one filter: as many as the console shows on one page. */
const mostValues = 50;
/** The most texts of one search: each is compared with every row. */
export const mostTexts = 10;

/** The most values that a filter takes. */
export const Few = (most = mostValues): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ maxItems: most }),
    ArrayMaxSize(most, { message: `$property takes at most ${most} values: use several requests` }),
  );

/** A filter that may be repeated: any of its values matches. Limits their number. */
export const AnyOf = (most?: number): PropertyDecorator =>
  applyDecorators(
    Few(most),
    Transform(({ value }: { value: unknown }) => (value === undefined || Array.isArray(value) ? value : [value])),
    IsArray(),
    IsOptional(),
  );

/** Paging plus the filters that every list has. `_after` is inclusive, `_before` exclusive. */
export class ListQuery extends Paging {
  @TimeFilter()
  created_after?: string;

  @TimeFilter()
  created_before?: string;

  @TimeFilter()
  updated_after?: string;

  @TimeFilter()
  updated_before?: string;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Includes deleted entries. Most kinds of things are never deleted: their `deleted_at` is always null.',
  })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  @IsOptional()
  include_deleted?: boolean;
}
