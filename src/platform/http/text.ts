import { applyDecorators } from '@nestjs/common';
import { IsString, Matches, MaxLength, ValidateBy, ValidateIf } from 'class-validator';
import { isDeliverable } from '#kernel/email';
import { storableText } from '#kernel/storable-text';

export { storableText };

/** A field that may be omitted, but may not be null: `IsOptional` would accept null. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** A search text; in lists, each of them. */
export const SearchText = (each = false): PropertyDecorator =>
  applyDecorators(
    IsString({ each }),
    MaxLength(500, { each }),
    Matches(storableText, { each, message: '$property must hold nothing but characters, and no NUL' }),
  );

/** A name or another short text: not blank, without NUL, with a limited length. */
export const ShortText = (max = 255): PropertyDecorator =>
  applyDecorators(
    IsString(),
    MaxLength(max),
    Matches(/\S/, { message: '$property must not be blank' }),
    Matches(storableText, { message: '$property must hold nothing but characters, and no NUL' }),
  );

/** An e-mail address that a mail could reach, as far as its form shows. */
export const EmailAddress = (): PropertyDecorator =>
  ValidateBy({
    name: 'isDeliverable',
    validator: {
      validate: (value) => typeof value === 'string' && isDeliverable(value),
      defaultMessage: () => 'Enter a valid email address',
    },
  });
