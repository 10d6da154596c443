/** What of a JSON schema our document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
}

interface Content {
  content?: Record<string, { schema: Schema }>;
}

export interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** A schema with its reference followed, and what it is made up of put together. */
export function resolved(document: Document, schema: Schema): Schema {
  const named = schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] : undefined;
  if (schema.$ref && !named) throw new Error(`The document lacks ${schema.$ref}.`);
  const parts = [named, ...(schema.allOf ?? [])].filter((part) => part !== undefined);
  return parts
    .map((part) => resolved(document, part))
    .reduce((whole, part) => ({ ...part, ...whole }), {
      ...schema,
      $ref: undefined,
      allOf: undefined,
    });
}
