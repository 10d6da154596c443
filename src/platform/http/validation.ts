import {
  type ArgumentMetadata,
  Injectable,
  type PipeTransform,
  type Type,
  ValidationPipe,
  type ValidationError,
} from '@nestjs/common';
import { DomainError, notFound } from '#kernel/errors';
import { type Id, readId } from '#kernel/id';
import { idRule } from './ids.js';

function messagesByField(errors: ValidationError[], parent = ''): Record<string, string[]> {
  const messages: Record<string, string[]> = {};
  for (const error of errors) {
    const field = parent ? `${parent}.${error.property}` : error.property;
    if (error.constraints) messages[field] = Object.values(error.constraints);
    Object.assign(messages, messagesByField(error.children ?? [], field));
  }
  return messages;
}

type Place = 'json' | 'query' | 'path';
const places: Partial<Record<ArgumentMetadata['type'], Place>> = { body: 'json', query: 'query', param: 'path' };

const rulesOf = ({ constraints = {}, children = [] }: ValidationError): string[] => [
  ...Object.keys(constraints),
  ...children.flatMap(rulesOf),
];

/** An id that is spelled wrongly is answered as one that names nothing, so that neither tells anything. */
const invalidIn = (place: Place) => (errors: ValidationError[]) => {
  const messages = messagesByField(errors);
  const fields = Object.keys(messages).join(', ');
  const onlyIds = errors.flatMap(rulesOf).every((rule) => rule === idRule);
  if (onlyIds) {
    return new DomainError('invalid', 'unknown_reference', `${fields} names nothing that exists.`, {
      [place]: messages,
    });
  }
  return new DomainError('invalid', 'invalid_request', `Please check: ${fields}.`, { [place]: messages });
};

// One for each place: a route's parameters are validated at the same time, and each must say where its faults are.
const pipeFor = (place: Place): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: invalidIn(place),
  });
const pipes = { json: pipeFor('json'), query: pipeFor('query'), path: pipeFor('path') };

/** The contract's 422: every wrong, missing and unknown field by name. Nothing is coerced in bodies. */
@Injectable()
export class ContractValidation implements PipeTransform<unknown, Promise<unknown>> {
  async transform(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // What a path names is named by an id. Guards have answered 404 already where the route asks for a subject.
    if (metadata.type === 'param' && metadata.data !== undefined) return idInPath(given);
    const place = places[metadata.type];
    if (!place || !isDto(metadata.metatype)) return given;
    // Without a body every field is left out, which some routes allow; the others name what is missing.
    const value = place === 'json' && given === undefined ? {} : given;
    if (place === 'json' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw new DomainError('invalid', 'invalid_request', 'The body must be a JSON object.', {
        json: { body: ['must be an object'] },
      });
    }
    // The transformer would leave this one out without a word.
    if (Object.hasOwn(value as object, 'constructor')) {
      throw invalidIn(place)([
        { property: 'constructor', constraints: { unknown: 'property constructor should not exist' } },
      ]);
    }
    return (await pipes[place].transform(value, metadata)) as unknown;
  }
}

function idInPath(given: unknown): Id {
  const id = readId(given);
  if (!id) throw notFound();
  return id;
}

const plain: unknown[] = [String, Boolean, Number, Array, Object, Buffer];
const isDto = (metatype: Type | undefined): boolean => metatype !== undefined && !plain.includes(metatype);
