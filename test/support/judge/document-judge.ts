import { getHttpOperationsFromSpec } from '@stoplight/prism-http/dist/utils/operations.js';
import { validateOutput } from '@stoplight/prism-http/dist/validator/index.js';
import type { IHttpOperation } from '@stoplight/types';

/** An answer of the service as a client received it. `body`: parsed JSON, otherwise the text; undefined: not read. */
export interface ReceivedAnswer {
  method: string;
  /** With or without its query. */
  path: string;
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Addresses that are not part of the API: pages and files of the console and of the documentation, and redirects of browsers. */
const outside = [
  /^\/(sign-in|jobs|candidates|background_checks|admin)?(\/|$)/,
  /^\/(assets|docs|dev)(\/|$)/,
  /^\/(openapi\.json|health\/(live|ready))$/,
  /^\/auth\/(sign-in|callback|backchannel-logout)$/,
  // The vendors' own contracts describe what their webhooks are answered.
  /^\/(certn|plainscreen)\//,
];

/** Headers of HTTP itself, of sessions, and those that every answer has for browsers. They are not described one by one. */
const everywhere =
  /^(allow|content-encoding|date|connection|keep-alive|transfer-encoding|content-(length|type|security-policy)|cache-control|vary|set-cookie|access-control-.*|x-content-type-options|x-frame-options|x-accel-buffering|referrer-policy|strict-transport-security)$/;

/** Judges answers by the API's document with the validator of Prism. */
export class DocumentJudge {
  private readonly operations: IHttpOperation[];

  private constructor(operations: IHttpOperation[]) {
    this.operations = operations;
  }

  static async of(document: object): Promise<DocumentJudge> {
    return new DocumentJudge(shared(await getHttpOperationsFromSpec(closed(document) as object)));
  }

  /** What the document does not allow in the answer, one sentence each. */
  violations(answer: ReceivedAnswer): string[] {
    const path = answer.path.split('?', 1)[0] ?? '';
    if (outside.some((pattern) => pattern.test(path))) return [];
    const operation = this.operationOf(answer.method, path);
    if (answer.method === 'OPTIONS') return [];
    if (!operation) return isRefusalOfAddress(answer) ? [] : ['The document has no such operation.'];
    const response = operation.responses.find(({ code }) => code === String(answer.status));
    if (!response) return [`The document lists no answer ${answer.status}.`];
    if (answer.method === 'HEAD') return [];
    const described = new Set((response.headers ?? []).map(({ name }) => name.toLowerCase()));
    const undescribed = Object.keys(answer.headers).filter((name) => !everywhere.test(name) && !described.has(name));
    const judged = validateOutput({
      resource: { ...operation, responses: [inItsForm(response, answer)] },
      element: { statusCode: answer.status, headers: withoutCharset(answer.headers), body: answer.body },
    });
    return [
      ...undescribed.map((name) => `The document lists no header ${name} for ${answer.status}.`),
      ...((response.contents ?? []).length === 0 && answer.body !== undefined && answer.body !== ''
        ? [`The document lists no body for ${answer.status}.`]
        : []),
      ...('left' in judged ? judged.left.map(({ message }) => message) : []),
    ];
  }

  private operationOf(method: string, path: string): IHttpOperation | undefined {
    const wanted = (method === 'HEAD' ? 'GET' : method).toLowerCase();
    const segments = path.replace(/\/$/, '').split('/');
    return this.operations
      .filter((one) => one.method.toLowerCase() === wanted && matches(one.path.split('/'), segments))
      .sort((one, other) => placeholders(one.path) - placeholders(other.path))[0];
  }
}

/** The response with the schema of the answer's own content type: to the validator `application/problem+json` is JSON, too. */
function inItsForm(response: IHttpOperation['responses'][number], { headers }: ReceivedAnswer): typeof response {
  const type = withoutCharset(headers)['content-type'];
  const contents = response.contents?.filter(({ mediaType }) => mediaType === type) ?? [];
  return contents.length === 0 ? response : { ...response, contents };
}

/** The validator compares content types as a whole, and takes the first schema when none is equal. */
const withoutCharset = (headers: Record<string, string>): Record<string, string> => {
  const [type] = headers['content-type']?.split(';') ?? [];
  return type === undefined ? headers : { ...headers, 'content-type': type };
};

const placeholders = (path: string): number => path.split('{').length;

const matches = (pattern: string[], segments: string[]): boolean =>
  pattern.length === segments.length && pattern.every((part, i) => part.startsWith('{') || part === segments[i]);

/** Addresses that do not exist are refused alike, wherever they are. */
const isRefusalOfAddress = ({ status, body }: ReceivedAnswer): boolean =>
  [400, 404, 405, 414].includes(status) && typeof (body as { reason?: unknown } | undefined)?.reason === 'string';

/**
 * The operations with one object for all equal answers, because the validator compiles each object for itself: most operations
 * have the same refusals. `__bundled__` would be compiled into each, and no reference is left that needs it.
 */
function shared(operations: IHttpOperation[]): IHttpOperation[] {
  const known = new Map<string, unknown>();
  const sharedPart = <T>(part: T): T => {
    const key = JSON.stringify(part, (name, value: unknown) =>
      name === 'id' || name === 'x-stoplight' ? undefined : value,
    );
    if (!known.has(key)) known.set(key, part);
    return known.get(key) as T;
  };
  return operations.map((operation) => ({
    ...operation,
    ...{ __bundled__: undefined },
    responses: operation.responses.map((response) => ({
      ...response,
      headers: sharedPart(response.headers),
      contents: sharedPart(response.contents),
    })),
  }));
}

/** The document with every object closed, so that an undescribed field is a violation, too. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const isObject = typeof copy['properties'] === 'object' && copy['type'] === 'object';
  return isObject && !('additionalProperties' in copy) ? { ...copy, additionalProperties: false } : copy;
}
