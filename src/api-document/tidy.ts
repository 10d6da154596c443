import type { OpenAPIObject } from '@nestjs/swagger';

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What holds for the whole API, and what Nest therefore need not be told at every field. */
export function tidy(document: OpenAPIObject): OpenAPIObject {
  wholeNumbers(document);
  limitsOfTexts(document);
  sayWhatIsDeleted(document);
  for (const name of schemasOfRequests(document)) {
    const schema = document.components?.schemas?.[name];
    if (isNode(schema)) schema['additionalProperties'] = false;
  }
  return document;
}

/** The platform, which reads the parameter, does not know what can be deleted. */
function sayWhatIsDeleted({ paths }: OpenAPIObject): void {
  for (const { parameters = [] } of Object.values(paths).flatMap(({ get }) => get ?? [])) {
    for (const one of parameters) {
      if (!('name' in one) || one.name !== 'include_deleted') continue;
      one.description =
        'Includes deleted entries. Only stages and activities of interview plans and users are ever deleted; `deleted_at` of all ' +
        'others is always null.';
    }
  }
}

/** The API has no fractions and no negative numbers, and counts nothing beyond 32 bits. */
function wholeNumbers(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(wholeNumbers);
  if (!isNode(node)) return;
  const types = [node['type']].flat().map((type) => (type === 'number' ? 'integer' : type));
  if (types.includes('integer')) {
    node['type'] = types.length > 1 ? types : 'integer';
    node['format'] = 'int32';
    node['minimum'] ??= 0;
    node['maximum'] ??= 2 ** 31 - 1;
  }
  Object.values(node).forEach(wholeNumbers);
}

/** Nest leaves the limits of the texts of a list on the list. */
function limitsOfTexts(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(limitsOfTexts);
  if (!isNode(node)) return;
  const { items } = node;
  if (node['type'] === 'array' && isNode(items)) {
    for (const limit of ['minLength', 'maxLength'].filter((name) => name in node)) {
      items[limit] = node[limit];
      delete node[limit];
    }
  }
  Object.values(node).forEach(limitsOfTexts);
}

/** The names of the schemas that bodies consist of. Validation refuses every field that they do not have. */
function schemasOfRequests(document: OpenAPIObject): Set<string> {
  const found = new Set<string>();
  const collect = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(collect);
    if (!isNode(node)) return;
    const name = typeof node['$ref'] === 'string' ? (node['$ref'].split('/').at(-1) ?? '') : undefined;
    if (name !== undefined && !found.has(name)) {
      found.add(name);
      collect(document.components?.schemas?.[name]);
    }
    Object.values(node).forEach(collect);
  };
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item)) if (isNode(operation)) collect(operation['requestBody']);
  }
  return found;
}
