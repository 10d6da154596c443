import type { ErrorEntry } from './answers.ts';
import { invalidData } from './answers.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const email = /^[^\s@<>"(),:;[\]\\]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** Reads a request body field by field and collects every objection before it refuses (docs/certn-api.md 1.5). */
export class Fields {
  private readonly values: Record<string, unknown>;
  private readonly objections: ErrorEntry[] = [];

  constructor(body: unknown) {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      const kind = Array.isArray(body) ? 'list' : body === null ? 'null' : typeof body;
      throw invalidData([
        { code: 'invalid', detail: `Invalid data. Expected a dictionary, but got ${kind}.`, attr: null },
      ]);
    }
    this.values = body as Record<string, unknown>;
  }

  get names(): string[] {
    return Object.keys(this.values);
  }

  object(attr: string, code: string, detail: string): void {
    this.objections.push({ code, detail, attr });
  }

  /** Throws all objections at once. */
  throwObjections(): void {
    if (this.objections.length > 0) throw invalidData(this.objections);
  }

  requiredEmail(attr: string): string {
    const value = this.required(attr);
    if (value === undefined) return '';
    if (typeof value === 'string' && value.trim() === '') this.object(attr, 'blank', 'This field may not be blank.');
    else if (typeof value !== 'string' || value.length > 254 || !email.test(value.trim())) {
      this.object(attr, 'invalid', 'Enter a valid email address.');
    }
    return typeof value === 'string' ? value.trim() : '';
  }

  requiredUuid(attr: string): string | undefined {
    const value = this.required(attr);
    return value === undefined ? undefined : this.asUuid(attr, value);
  }

  requiredObject(attr: string): Record<string, unknown> {
    const value = this.required(attr);
    return value === undefined ? {} : (this.asObject(attr, value) ?? {});
  }

  uuid(attr: string): string | undefined {
    const value = this.optional(attr);
    return value === undefined ? undefined : this.asUuid(attr, value);
  }

  uuids(attr: string): string[] {
    const value = this.optional(attr);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.object(attr, 'invalid', `Expected a list of items but got type "${typeof value}".`);
      return [];
    }
    return value.map((entry) => this.asUuid(attr, entry)).filter((entry) => entry !== undefined);
  }

  boolean(attr: string): boolean | undefined {
    const value = this.optional(attr);
    if (value === undefined || typeof value === 'boolean') return value;
    this.object(attr, 'invalid', 'Must be a valid boolean.');
    return undefined;
  }

  text(attr: string): void {
    const value = this.optional(attr);
    if (value !== undefined && typeof value !== 'string') this.object(attr, 'invalid', 'Not a valid string.');
  }

  anObject(attr: string): object | undefined {
    const value = this.optional(attr);
    return value === undefined ? undefined : this.asObject(attr, value);
  }

  private required(attr: string): unknown {
    const value = this.values[attr];
    if (value === undefined) this.object(attr, 'required', 'This field is required.');
    if (value === null) this.object(attr, 'null', 'This field may not be null.');
    return value ?? undefined;
  }

  private optional(attr: string): unknown {
    const value = this.values[attr];
    if (value === null) this.object(attr, 'null', 'This field may not be null.');
    return value ?? undefined;
  }

  private asUuid(attr: string, value: unknown): string | undefined {
    if (typeof value === 'string' && uuid.test(value)) return value.toLowerCase();
    this.object(attr, 'invalid', 'Must be a valid UUID.');
    return undefined;
  }

  private asObject(attr: string, value: unknown): Record<string, unknown> | undefined {
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
    this.object(attr, 'invalid', `Expected a dictionary of items but got type "${typeof value}".`);
    return undefined;
  }
}

export const isUuid = (text: string): boolean => uuid.test(text);
