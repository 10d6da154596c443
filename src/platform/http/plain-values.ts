/** Bodies and queries of this API are small and flat. Larger ones are attacks on processing time. */
const deepest = 16;
const mostFields = 100;
const mostValues = 20_000;

/** Keys with a special meaning on objects. The transformer drops them silently, or calls the value. */
const namesOfObjects = new Set(['__proto__', 'constructor']);

export interface PlainFault {
  field: string;
  sentence: string;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype || prototype === null) return true;
  // The routers' parsers create objects without a prototype in this indirect way.
  return Object.getPrototypeOf(prototype) === null && Reflect.ownKeys(prototype).length === 0;
}

/**
 * Why a value must not reach the transformer, which constructs any class it finds: it holds something that JSON cannot (streams,
 * buffers, dates), is too large, or too deep. null when it is fine. Works without recursion.
 */
export function faultOfPlain(value: unknown): PlainFault | null {
  const left: { value: unknown; field: string; depth: number }[] = [{ value, field: '', depth: 0 }];
  let seen = 0;
  for (let next = left.pop(); next; next = left.pop()) {
    seen += 1;
    if (seen > mostValues) return { field: 'body', sentence: `must not hold more than ${mostValues} values` };
    if (typeof next.value === 'function') return { field: next.field || 'body', sentence: 'must be plain data' };
    if (typeof next.value !== 'object' || next.value === null) continue;
    const fault = faultOfObject(next.value, next.depth);
    if (fault) return { field: joined(next.field, fault.at) || 'body', sentence: fault.sentence };
    for (const [key, inner] of Object.entries(next.value)) {
      left.push({ value: inner, field: joined(next.field, key), depth: next.depth + 1 });
    }
  }
  return null;
}

function faultOfObject(value: object, depth: number): { at: string; sentence: string } | null {
  if (!isPlain(value)) return { at: '', sentence: 'must be plain data' };
  if (depth >= deepest) return { at: '', sentence: `must not be nested more than ${deepest} deep` };
  if (Array.isArray(value)) {
    return value.length > mostValues ? { at: '', sentence: `must not hold more than ${mostValues} values` } : null;
  }
  const keys = Object.keys(value);
  if (keys.length > mostFields) return { at: '', sentence: `must not have more than ${mostFields} fields` };
  const name = keys.find((key) => namesOfObjects.has(key));
  return name === undefined ? null : { at: name, sentence: `property ${name} should not exist` };
}

const joined = (field: string, key: string): string => (field && key ? `${field}.${key}` : field || key);
