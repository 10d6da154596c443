import { isMarkup, record, sanitise } from '../../gateway/http/untrusted.js';

/** Whether the body is an error of Certn itself, not of a gateway in between (docs/certn-api.md 1.5). */
export function isCertnError(body: unknown, type: 'client_error'): boolean {
  const fields = record(body);
  return fields?.type === type && Array.isArray(fields.errors);
}

/** Whether Certn complains about this field of the request. */
export function complainsAbout(body: unknown, field: string): boolean {
  const errors = record(body)?.errors;
  return Array.isArray(errors) && errors.some((error) => record(error)?.attr === field);
}

/** Certn's message about a refusal, made safe to show and to log. Null when the answer has no readable message. */
export function messageOf(body: unknown, text: string, secret: string): string | null {
  const fields = record(body);
  const stated = fields ? [detailsOf(fields.errors), fields.detail, fields.message, fields.error] : [text];
  const message = stated.find(isText);
  return message === undefined || (!fields && isMarkup(message)) ? null : sanitise(message, secret);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function detailsOf(errors: unknown): string | null {
  if (!Array.isArray(errors)) return null;
  const messages = errors.map(record).map((error) => {
    if (!isText(error?.detail)) return null;
    return isText(error.attr) ? `${error.attr}: ${error.detail}` : error.detail;
  });
  return messages.filter(isText).join(' ');
}
