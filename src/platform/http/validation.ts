import { type ArgumentMetadata, type Type, ValidationPipe, type ValidationError } from '@nestjs/common';
import { DomainError } from '#kernel/errors';

function messagesByField(errors: ValidationError[], parent = ''): Record<string, string[]> {
  const messages: Record<string, string[]> = {};
  for (const error of errors) {
    const field = parent ? `${parent}.${error.property}` : error.property;
    if (error.constraints) messages[field] = Object.values(error.constraints);
    Object.assign(messages, messagesByField(error.children ?? [], field));
  }
  return messages;
}

const places = { body: 'json', query: 'query', param: 'path', custom: 'json' } as const;

/** The contract's 422: every wrong, missing and unknown field by name. Nothing is coerced in bodies. */
export class ContractValidation extends ValidationPipe {
  constructor() {
    super({ whitelist: true, forbidNonWhitelisted: true, transform: true, stopAtFirstError: false });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (!isDto(metadata.metatype)) return value;
    if (metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw new DomainError('invalid', 'invalid_request', 'The body must be a JSON object.', {
        json: { body: ['must be an object'] },
      });
    }
    this.exceptionFactory = (errors) => {
      const messages = messagesByField(errors);
      const fields = Object.keys(messages).join(', ');
      return new DomainError('invalid', 'invalid_request', `Please check: ${fields}.`, {
        [places[metadata.type]]: messages,
      });
    };
    return (await super.transform(value, metadata)) as unknown;
  }
}

const plain: unknown[] = [String, Boolean, Number, Array, Object, Buffer];
const isDto = (metatype: Type | undefined): boolean => metatype !== undefined && !plain.includes(metatype);
