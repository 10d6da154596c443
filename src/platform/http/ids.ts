import { applyDecorators, Param } from '@nestjs/common';
import { ApiParam, ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, ValidateBy } from 'class-validator';
import { readId } from '#kernel/id';
import { Few } from './filters.js';

/** The name of the validation rule. It shows that a validation error is only about ids. */
export const idRule = 'isId';

/** An id in a path, as an `Id`. The validation of all routes answers 404 to every other spelling. */
export const IdInPath =
  (name = 'id'): ParameterDecorator =>
  (controller, method, index) => {
    if (method === undefined) throw new Error('A path has parameters for methods only.');
    Param(name)(controller, method, index);
    const descriptor = Object.getOwnPropertyDescriptor(controller, method);
    if (descriptor) ApiParam({ name, type: String, format: 'uuid' })(controller, method, descriptor);
  };

const Canonical = (each: boolean): PropertyDecorator =>
  applyDecorators(
    IsString({ each }),
    ValidateBy(
      {
        name: idRule,
        validator: {
          validate: (value) => typeof value !== 'string' || readId(value) !== null,
          defaultMessage: () => '$property was not found.',
        },
      },
      { each },
    ),
  );

interface Described {
  required?: boolean;
  nullable?: boolean;
  description?: string;
}

/** An id in an answer. */
export const IdField = (): PropertyDecorator => ApiProperty({ type: String, format: 'uuid' });

/** A field of a body that takes an `Id`. Any other spelling is answered as an id that names nothing. */
export const IsId = (described: Described = {}): PropertyDecorator =>
  applyDecorators(Canonical(false), ApiProperty({ type: String, format: 'uuid', ...described }));

/** The most ids in a list in a body. */
const mostIds = 100;

/** A field of a body that takes a list of ids. */
export const AreIds = (described: Described = {}): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(mostIds),
    Canonical(true),
    ApiProperty({ type: 'array', maxItems: mostIds, items: { type: 'string', format: 'uuid' }, ...described }),
  );

/** A filter by ids, which may be repeated. Malformed ids are dropped: they match nothing, and neither does an empty list. */
export const IdFilter = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      value === undefined ? value : [value].flat().filter((one) => readId(one) !== null),
    ),
    Few(),
    IsArray(),
    IsOptional(),
    ApiProperty({ type: 'array', items: { type: 'string', format: 'uuid' }, required: false }),
  );
