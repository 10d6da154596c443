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
import { faultOfPlain } from './plain-values.js';

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

/** How many wrong fields an answer names, and how much of each name, so that it stays readable whatever was sent. */
const mostNamed = 50;
const longestName = 100;

const rulesOf = ({ constraints = {}, children = [] }: ValidationError): string[] => [
  ...Object.keys(constraints),
  ...children.flatMap(rulesOf),
];

/** A malformed id gets the same answer as an id that names nothing, so that neither reveals anything. */
const invalidIn = (place: Place) => (errors: ValidationError[]) => {
  const messages = Object.entries(messagesByField(errors)).map(
    ([field, sentences]) => [shortened(field), sentences.map(shortened)] as const,
  );
  const named = messages.slice(0, mostNamed);
  const more = messages.length > named.length ? `, and ${messages.length - named.length} more` : '';
  const fields = named.map(([field]) => field).join(', ') + more;
  const errorGroups = { [place]: Object.fromEntries(named) };
  const onlyIds = errors.flatMap(rulesOf).every((rule) => rule === idRule);
  return onlyIds
    ? new DomainError('invalid', 'unknown_reference', `${fields} was not found.`, errorGroups)
    : new DomainError('invalid', 'invalid_request', `Please check: ${fields}.`, errorGroups);
};

const shortened = (text: string): string => (text.length > longestName ? `${text.slice(0, longestName)}…` : text);

// One pipe for each place: a route's parameters are validated at the same time, and each must name its own place.
const pipeFor = (place: Place): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: invalidIn(place),
  });
const pipes = { json: pipeFor('json'), query: pipeFor('query'), path: pipeFor('path') };

/** The contract's 422: names every wrong, missing and unknown field. Nothing is coerced in bodies. */
@Injectable()
export class ContractValidation implements PipeTransform<unknown, Promise<unknown>> {
  async transform(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // Paths name things by ids. Guards have already answered 404 where the route requires a subject.
    if (metadata.type === 'param' && metadata.data !== undefined) return idInPath(given);
    const place = places[metadata.type];
    if (!place || !isDto(metadata.metatype)) return given;
    // Without a body every field is missing. Some routes allow that; the others name what is missing.
    const value = place === 'json' && given === undefined ? {} : given;
    if (place === 'json' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw new DomainError('invalid', 'invalid_request', 'The body must be a JSON object.', {
        json: { body: ['must be an object'] },
      });
    }
    const fault = faultOfPlain(value);
    if (fault) throw invalidIn(place)([{ property: fault.field, constraints: { plain: fault.sentence } }]);
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
