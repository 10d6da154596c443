import type { Random } from '../faults/random.js';
import { type Document, type Operation, resolved, type Schema } from './document.js';

const nasty: unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, '', ' ', 'x'.repeat(5_000), '\u0000', '\ud800', '‮̾𝕏', "'; drop table x; --"],
  ...['__proto__', 'constructor', '%00', '../..', '9999-99-99T99:99:99Z', '2026-10-01T00:00:00Z', 'true', '-0', '1e9'],
  ...[[], {}, [[]], [null], { id: 1 }, { constructor: 1 }, { toString: 1 }, { length: -1 }],
];

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Makes requests out of the document: mostly what it asks for, now and then not. */
export class Inputs {
  constructor(
    private readonly document: Document,
    private readonly random: Random,
    /** Ids of things that are there. */
    private readonly ids: string[],
  ) {}

  one<T>(choices: readonly T[]): T {
    return this.random.pick(choices);
  }

  private once(in_: number): boolean {
    return this.random.chance(1 / in_);
  }

  path(template: string, { parameters = [] }: Operation): string {
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(name === 'vendor' && !this.once(5) ? 'certn' : this.text() || ' '),
    );
    const query = parameters
      .filter((parameter) => parameter.in === 'query' && this.once(4))
      .map(({ name, schema }): [string, string] => [name, this.queryValue(schema)]);
    if (this.once(12)) query.push([this.text(), this.text()]);
    return query.length === 0 ? path : `${path}?${new URLSearchParams(query).toString()}`;
  }

  body({ requestBody }: Operation): unknown {
    const schema = requestBody?.content?.['application/json']?.schema;
    if (!schema) return this.once(10) ? this.one(nasty) : undefined;
    return this.once(12) ? this.one(nasty) : this.value(schema);
  }

  /** An id, a text, or what only looks like one; never a lone half of a character, which no address can hold. */
  private text(): string {
    if (!this.once(5)) return this.one(this.ids);
    return asText(this.one(nasty)).toWellFormed();
  }

  private queryValue(schema: Schema): string {
    const value = this.value(resolved(this.document, schema).items ?? schema);
    return asText(value).toWellFormed();
  }

  private value(declared: Schema): unknown {
    if (this.once(8)) return this.one(nasty);
    const schema = resolved(this.document, declared);
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices) return this.value(this.one(choices));
    if (schema.enum) return this.one(schema.enum);
    const type = [schema.type].flat()[0];
    if (type === 'array') {
      return Array.from({ length: this.random.between(0, 2) }, () => this.value(schema.items ?? {}));
    }
    if (type === 'object') return this.object(schema);
    if (type === 'boolean') return this.once(2);
    if (type === 'integer') return this.random.between(0, 19);
    return this.one([...this.ids, 'Ada', `ada-${this.random.between(0, 1e9)}@fuzz.test`, '2026-10-01T00:00:00Z']);
  }

  private object({ properties = {}, required = [] }: Schema): Record<string, unknown> {
    const chosen = Object.entries(properties).filter(([name]) => required.includes(name) || this.once(2));
    const fields = chosen.filter(() => !this.once(20)).map(([name, schema]) => [name, this.value(schema)] as const);
    return Object.fromEntries(this.once(15) ? [...fields, [asText(this.one(nasty)), 1]] : fields);
  }
}
