import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, IsString, Length, Matches, Min, ValidateIf } from 'class-validator';
import { storableText } from '#platform/http/text';

/** A name that a person entered: trimmed, not blank, and without characters that Postgres cannot store. */
export const IsName = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    IsString(),
    Length(1, 255),
    Matches(storableText, { message: 'must be plain text' }),
  );

/** A position in an order, from 1. */
export const IsPriority = (): PropertyDecorator => applyDecorators(IsInt(), Min(1));

/** May be absent, but not null. */
export const IsLeftOutOrGiven = (): PropertyDecorator =>
  ValidateIf((_: unknown, value: unknown) => value !== undefined);
