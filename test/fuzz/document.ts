import type { Random } from '../faults/random.ts';

/** As much of OpenAPI as our document uses. */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
  nullable?: boolean;
  additionalProperties?: unknown;
  [other: string]: unknown;
}
interface Parameter {
  in: 'query' | 'path' | 'header';
  name: string;
  schema?: Schema;
}
type Content = Record<string, { schema?: Schema }>;
export interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}
export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}
export interface Route {
  method: string;
  path: string;
  operation: Operation;
}

/** Every route of the document. */
export function routesOf({ paths }: Document): Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

const junk: unknown[] = [
  ...['', ' ', '\u0000', '\ud800', 'é💥', "'; drop schema hiring cascade; --", '../../etc/passwd', '%', 'null'],
  ...[
    'x'.repeat(5_000),
    '2026-13-45T99:99:99Z',
    '2026-10-01',
    '0',
    '-1',
    'NaN',
    '00000000-0000-0000-0000-000000000000',
  ],
  ...[null, true, 0, -1, 1.5, 2 ** 53, 1e308, [], [[]], {}, { a: { b: {} } }, [null, 'x', 7]],
];

/** Makes values that a schema asks for, and as often values that nobody asked for. */
export class Values {
  constructor(
    private readonly document: Document,
    private readonly random: Random,
    /** Ids of things that exist, of every kind. */
    private readonly ids: readonly string[],
  ) {}

  /** One in five is not what the schema says. */
  any(schema: Schema | undefined): unknown {
    return this.random.chance(0.2) ? this.random.pick(junk) : this.fitting(schema ?? {});
  }

  text(schema: Schema | undefined): string {
    const value = this.any(schema);
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  }

  id(): string {
    return this.random.chance(0.7) ? this.random.pick(this.ids) : this.text({ type: 'string' });
  }

  private fitting(given: Schema): unknown {
    const schema = this.resolved(given);
    if (schema.enum) return this.random.pick(schema.enum);
    if (schema.nullable && this.random.chance(0.2)) return null;
    const { type = 'string' } = schema;
    switch (type) {
      case 'integer':
      case 'number':
        return this.random.between(0, 600);
      case 'boolean':
        return this.random.chance(0.5);
      case 'array':
        return Array.from({ length: this.random.between(0, 3) }, () => this.any(schema.items));
      case 'object':
        return this.object(schema);
      default:
        return this.string(schema.format);
    }
  }

  private object({ properties = {} }: Schema): Record<string, unknown> {
    const filled = Object.entries(properties).filter(() => this.random.chance(0.85));
    const object = Object.fromEntries(filled.map(([name, schema]) => [name, this.any(schema)]));
    if (this.random.chance(0.05)) object.nobody_knows_this = this.random.pick(junk);
    return object;
  }

  private string(format: string | undefined): string {
    if (format === 'date-time') return new Date(1_790_000_000_000 + this.random.between(0, 1e9)).toISOString();
    if (this.random.chance(0.4)) return this.random.pick(this.ids);
    const name = `fuzz-${this.random.between(0, 1e9)}`;
    return this.random.chance(0.3) ? `${name}@example.org` : name;
  }

  private resolved(schema: Schema): Schema {
    if (schema.allOf) return this.resolved({ ...schema.allOf[0], nullable: schema.nullable });
    if (!schema.$ref) return schema.properties ? { type: 'object', ...schema } : schema;
    const named = this.document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {};
    return this.resolved({ ...named, nullable: schema.nullable });
  }
}
