import { routes } from './generated/routes.ts';
import type { operations } from './generated/schema.ts';
import type { Http } from './http.ts';
import { Pages } from './pages.ts';

type Routes = typeof routes;
/** How openapi.json names an operation: `listJobs`. */
export type OperationId = keyof Routes;

/** One text for each `{…}` of the path, in its order. */
type PathArguments<Path extends string> = Path extends `${string}{${string}}${infer Rest}`
  ? [string, ...PathArguments<Rest>]
  : [];

/** What the operation takes as its body. */
export type RequestBody<Id extends OperationId> = operations[Id] extends { requestBody?: { content: infer Content } }
  ? Content[keyof Content]
  : never;
/** A filter that takes several values also takes one. */
type Query<Id extends OperationId> = OneOrMore<NonNullable<operations[Id]['parameters']['query']>>;
type OneOrMore<Filters> = {
  [Name in keyof Filters]: Filters[Name] extends (infer Value)[] | undefined
    ? Value | Value[] | undefined
    : Filters[Name];
};
type Input<Id extends OperationId> = Routes[Id] extends { body: string }
  ? [body: RequestBody<Id>]
  : Routes[Id] extends { query: true }
    ? [query?: Query<Id>]
    : [];

type Success<Id extends OperationId> = operations[Id]['responses'] extends infer Responses
  ? Responses[keyof Responses & (200 | 201 | 202 | 204)]
  : never;
/** What the operation answers: JSON as an object, a PDF as a Blob, other content as text. */
export type Result<Id extends OperationId> =
  Success<Id> extends { content: infer Content }
    ? Content extends { 'application/json': infer Json }
      ? Json
      : Content extends { 'application/pdf': unknown }
        ? Blob
        : string
    : void;

export type CallOptions<Id extends OperationId> = {
  /** Cancels the request. The promise is rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Other headers that the document names for this operation. */
  headers?: NonNullable<operations[Id]['parameters']['header']>;
} & (Routes[Id] extends { idempotent: true }
  ? {
      /** Requests with the same key have one effect, also from another process. Without one the client makes it for each call. */
      idempotencyKey?: string;
    }
  : unknown);

/** The arguments: what the path names, then the body or the query, then options. */
export type Arguments<Id extends OperationId> = [
  ...PathArguments<Routes[Id]['path']>,
  ...Input<Id>,
  options?: CallOptions<Id>,
];

export type Returned<Id extends OperationId> = Routes[Id] extends { paged: true }
  ? Pages<Result<Id> extends (infer Item)[] ? Item : never>
  : Promise<Result<Id>>;

export type Call<Id extends OperationId> = (...given: Arguments<Id>) => Returned<Id>;

interface Route {
  method: string;
  path: string;
  body?: string;
  query?: true;
  idempotent?: true;
  paged?: true;
  answer?: string;
}
interface Options {
  signal?: AbortSignal;
  headers?: Record<string, string>;
  idempotencyKey?: string;
}

/** The function that calls one operation. */
export function callOf<Id extends OperationId>(http: Http, id: Id): Call<Id> {
  const route: Route = routes[id];
  const call = (...given: unknown[]): unknown => {
    const left = [...given];
    const path = Object.fromEntries(namesIn(route.path).map((name) => [name, left.shift()]));
    const body = route.body === undefined ? undefined : left.shift();
    const query = route.body === undefined && route.query ? left.shift() : undefined;
    const options = (left.shift() ?? {}) as Options;
    const ask = (filters: unknown): ReturnType<Send> => send(http, route, { path, body, query: filters, options });
    return route.paged ? pagesOf(query, ask) : ask(query).then(({ data }) => data);
  };
  return call as Call<Id>;
}

/** Begins at the page or the cursor that the caller names; without one it iterates by cursors. */
function pagesOf(query: unknown, ask: (query: unknown) => ReturnType<Send>): Pages<unknown> {
  const given = Object(query) as Record<string, unknown>;
  const start = 'page' in given || 'cursor' in given ? given : { ...given, cursor: 'start' };
  const list = (filters: unknown): Promise<{ data: unknown[]; response: Response }> =>
    ask(filters) as Promise<{ data: unknown[]; response: Response }>;
  return new Pages({ first: () => list(given), start: () => list(start), next: (link) => list(queryIn(link)) });
}

function queryIn(link: string): Record<string, string[]> {
  const pairs = new URLSearchParams(link);
  return Object.fromEntries([...pairs.keys()].map((name) => [name, pairs.getAll(name)]));
}

const namesIn = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

interface Parts {
  path: Record<string, unknown>;
  body: unknown;
  query: unknown;
  options: Options;
}

/** The generic door of the library below. The types of `Call` have checked what goes in and say what comes out. */
type Send = (
  method: string,
  path: string,
  init: Record<string, unknown>,
) => Promise<{ data: unknown; response: Response }>;

function send(http: Http, route: Route, { path, body, query, options }: Parts): ReturnType<Send> {
  const headers: Record<string, string> = { ...options.headers };
  if (route.idempotent) headers['idempotency-key'] = options.idempotencyKey ?? crypto.randomUUID();
  if (route.body !== undefined) headers['content-type'] = route.body;
  return (http.request as unknown as Send)(route.method.toLowerCase(), route.path, {
    params: { path, query },
    headers,
    body,
    bodySerializer: typeof body === 'string' ? (text: string) => text : undefined,
    parseAs: parsers[route.answer ?? ''] ?? 'json',
    signal: options.signal,
  });
}

const parsers: Record<string, string> = {
  'application/pdf': 'blob',
  'application/x-ndjson': 'text',
  'text/csv': 'text',
};
