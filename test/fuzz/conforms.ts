import { type Document, resolved, type Schema } from './document.js';

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
const fits = (value: unknown, type: string): boolean =>
  typeOf(value) === type || (type === 'integer' && Number.isInteger(value));

/** What of a value its schema does not say: other types and words, fields that are missing or undeclared. */
export function faultsOf(document: Document, declared: Schema, value: unknown, at = ''): string[] {
  const schema = resolved(document, declared);
  if (value === null) return schema.nullable ? [] : [`${at} is null`];
  if (schema.oneOf) {
    const faults = schema.oneOf.map((one) => faultsOf(document, one, value, at));
    return faults.find((found) => found.length === 0) ?? faults.flat();
  }
  if (schema.type !== undefined && !fits(value, schema.type)) return [`${at} is ${typeOf(value)}, not ${schema.type}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at} is none of ${schema.enum.join()}`];
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => faultsOf(document, schema.items ?? {}, item, `${at}[${i}]`));
  }
  return typeof value === 'object' ? faultsOfFields(document, schema, value as Record<string, unknown>, at) : [];
}

function faultsOfFields(
  document: Document,
  { properties = {}, required = [], additionalProperties: others }: Schema,
  value: Record<string, unknown>,
  at: string,
): string[] {
  const missing = required.filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`);
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (declared) return faultsOf(document, declared, field, `${at}.${name}`);
    if (others === true) return [];
    return others ? faultsOf(document, others, field, `${at}.${name}`) : [`${at}.${name} is not declared`];
  });
  return [...missing, ...fields];
}
