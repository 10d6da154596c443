import { applyDecorators } from '@nestjs/common';
import { IsString, Matches, MaxLength, ValidateBy, ValidateIf } from 'class-validator';
import { isDeliverable } from '#kernel/email';
import { keepable } from '#kernel/keepable';

export { keepable };

/** A field that may be left out, but may not be null: `IsOptional` would wave null through. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** A text to look for; in lists, each of them. */
export const SearchText = (each = false): PropertyDecorator =>
  applyDecorators(
    IsString({ each }),
    MaxLength(500, { each }),
    Matches(keepable, { each, message: '$property must hold nothing but characters, and no NUL' }),
  );

/** A name or another short text: not blank, no NUL, at most so many characters. */
export const ShortText = (max = 255): PropertyDecorator =>
  applyDecorators(
    IsString(),
    MaxLength(max),
    Matches(/\S/, { message: '$property must not be blank' }),
    Matches(keepable, { message: '$property must hold nothing but characters, and no NUL' }),
  );

/** An address that a person types: one that a mail could reach, as far as its form tells. */
export const EmailAddress = (): PropertyDecorator =>
  ValidateBy({
    name: 'isDeliverable',
    validator: {
      validate: (value) => typeof value === 'string' && isDeliverable(value),
      defaultMessage: () => 'Enter a valid email address',
    },
  });
