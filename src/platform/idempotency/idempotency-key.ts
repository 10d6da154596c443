import { DomainError } from '#kernel/errors';

const longestKey = 255;

/** The header as the API describes it. */
export const idempotencyKey = {
  name: 'Idempotency-Key',
  required: false,
  description: 'Repeats within a day make nothing new, and get what the first request made.',
  schema: { type: 'string', maxLength: longestKey, pattern: '^[\\x20-\\x7e]*$' },
};

/** The request's Idempotency-Key; null when it has none. */
export function keyFrom(header: string | undefined): string | null {
  const key = header?.trim();
  if (!key) return null;
  if (key.length <= longestKey) return key;
  const message = `Idempotency-Key must not be longer than ${longestKey} characters.`;
  throw new DomainError('invalid', 'invalid_request', message, { headers: { 'Idempotency-Key': [message] } });
}
