import { Ajv, type ValidateFunction } from 'ajv';
import type { Document, Route, Schema } from './document.js';

/** What every route may answer besides what it declares: the refusals of the contract's first section. */
const refusals = new Set([400, 401, 403, 404, 405, 409, 413, 415, 422, 429]);
const errorFields = ['code', 'errors', 'message', 'reason', 'status'];

/** Whether an answer is what the document says of its route: a status it may have, and no field that it does not name. */
export class Answers {
  private readonly ajv = new Ajv({ strict: false, validateFormats: false });
  private readonly compiled = new Map<string, ValidateFunction | null>();
  private readonly document: Document;

  constructor(document: Document) {
    this.document = closed(document) as Document;
    this.ajv.addSchema({ $id: 'document', ...this.document });
  }

  /** What is wrong with it; null: nothing. */
  faultOf({ method, path, operation }: Route, status: number, body: unknown): string | null {
    if (status >= 500) return `answered ${status}`;
    if (!(String(status) in operation.responses)) {
      if (!refusals.has(status)) return `answered ${status}, which nobody declared`;
      const fields = Object.keys((body as object | null) ?? {}).sort();
      return fields.join() === errorFields.join() ? null : `refused with the fields ${fields.join()}`;
    }
    const check = this.checkOf(method, path, status);
    if (!check || check(body)) return null;
    return `answered what is not declared: ${this.ajv.errorsText(check.errors)}`;
  }

  private checkOf(method: string, path: string, status: number): ValidateFunction | null {
    const key = `${method} ${path} ${status}`;
    let check = this.compiled.get(key);
    if (check === undefined) {
      const operation = this.document.paths[path]?.[method.toLowerCase()];
      const schema = operation?.responses[String(status)]?.content?.['application/json']?.schema;
      check = schema ? this.ajv.compile(schema) : null;
      this.compiled.set(key, check);
    }
    return check;
  }
}

/** The same document, in which objects have the named fields only and what may be null may be null. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)])) as Schema;
  if (typeof copy.$ref === 'string') return { $ref: copy.$ref.replace('#/', 'document#/') };
  if (copy.nullable && copy.allOf) return { anyOf: [...copy.allOf, { type: 'null' }] };
  if (copy.nullable && copy.enum) copy.enum.push(null);
  if (copy.properties && copy.type === 'object') copy.additionalProperties ??= false;
  return copy;
}
