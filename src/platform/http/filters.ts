import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsArray, IsBoolean, IsOptional, ValidateBy } from 'class-validator';
import { Paging } from './paging.js';

const withZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)$/;
const message = 'must be an ISO 8601 time with a zone, such as 2026-10-01T14:03:22Z';

/** A time that exists, in a year that the database knows. */
const isTime = (value: unknown): boolean =>
  typeof value === 'string' && withZone.test(value) && !value.startsWith('0000') && !Number.isNaN(Date.parse(value));

const Time = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ format: 'date-time' }),
    ValidateBy({ name: 'isTime', validator: { validate: isTime, defaultMessage: () => message } }),
    IsOptional(),
  );

/** A filter that may be repeated: any of the values. */
export const AnyOf = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (value === undefined || Array.isArray(value) ? value : [value])),
    IsArray(),
    IsOptional(),
  );

/** Paging plus the filters that every list has. `_after` is inclusive, `_before` exclusive. */
export class ListQuery extends Paging {
  @Time()
  created_after?: string;

  @Time()
  created_before?: string;

  @Time()
  updated_after?: string;

  @Time()
  updated_before?: string;

  @ApiPropertyOptional({ type: Boolean })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  @IsOptional()
  include_deleted?: boolean;
}
