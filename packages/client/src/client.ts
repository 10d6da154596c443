import { type Call, callOf, type OperationId } from './calls.ts';
import { createHttp, type Http } from './http.ts';
import { resources } from './resources.ts';
import { defaultPolicy, type Fetch, retrying, type RetryPolicy } from './retries.ts';
import { followUpdates, type Update, type UpdateOptions } from './updates.ts';

export interface AtsClientOptions {
  /** Where the service is, without a path: `https://ats.example.org`. */
  baseUrl: string;
  /** The access token of a user or of a machine, or a function that is asked for it at each request. */
  token?: string | (() => string | Promise<string>);
  /** The key of a service account. Either this or `token`. */
  apiKey?: string;
  /** How failed requests are repeated. `{ attempts: 1 }`: never. */
  retries?: Partial<RetryPolicy>;
  /** Instead of the global one. */
  fetch?: Fetch;
}

type Resources = typeof resources;
/** The operations of one resource, as functions. */
export type Resource<Name extends keyof Resources> = {
  readonly [Verb in keyof Resources[Name]]: Resources[Name][Verb] extends OperationId
    ? Call<Resources[Name][Verb]>
    : never;
};

/** The API of one service, for one caller. */
export class AtsClient {
  readonly users: Resource<'users'>;
  readonly jobs: Resource<'jobs'>;
  readonly candidates: Resource<'candidates'>;
  readonly stages: Resource<'stages'>;
  readonly activities: Resource<'activities'>;
  readonly applications: Resource<'applications'>;
  readonly backgroundChecks: Resource<'backgroundChecks'>;
  readonly changes: Resource<'changes'>;
  readonly webhookEndpoints: Resource<'webhookEndpoints'>;
  readonly serviceAccounts: Resource<'serviceAccounts'>;
  readonly imports: Resource<'imports'>;
  readonly integrations: Resource<'integrations'>;
  readonly privacy: Resource<'privacy'>;
  readonly auditLog: Resource<'auditLog'>;
  /** Every route by method and address, when you need the answer's headers: `http.GET('/ats/v0/jobs/{id}', …)`. */
  readonly http: Http;
  readonly #open: (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

  constructor(options: AtsClientOptions) {
    const send: Fetch = options.fetch ?? ((request, init) => fetch(request, init));
    const authenticate = authenticationOf(options);
    const baseUrl = new URL(options.baseUrl).href.replace(/\/$/, '');
    this.http = createHttp({
      baseUrl,
      authenticate,
      fetch: retrying(send, { ...defaultPolicy, ...options.retries }),
    });
    this.#open = async (headers, signal) =>
      send(
        new Request(`${baseUrl}/ats/v0/updates`, {
          headers: { ...headers, ...(await authenticate()) },
          redirect: 'error',
          signal,
        }),
      );
    this.users = resource(this.http, 'users');
    this.jobs = resource(this.http, 'jobs');
    this.candidates = resource(this.http, 'candidates');
    this.stages = resource(this.http, 'stages');
    this.activities = resource(this.http, 'activities');
    this.applications = resource(this.http, 'applications');
    this.backgroundChecks = resource(this.http, 'backgroundChecks');
    this.changes = resource(this.http, 'changes');
    this.webhookEndpoints = resource(this.http, 'webhookEndpoints');
    this.serviceAccounts = resource(this.http, 'serviceAccounts');
    this.imports = resource(this.http, 'imports');
    this.integrations = resource(this.http, 'integrations');
    this.privacy = resource(this.http, 'privacy');
    this.auditLog = resource(this.http, 'auditLog');
  }

  /** The changes of background checks as they happen, until you stop iterating: see `Update` and `UpdateOptions`. */
  updates(options: UpdateOptions = {}): AsyncGenerator<Update, void> {
    return followUpdates(this.#open, options);
  }
}

function resource<Name extends keyof Resources>(http: Http, name: Name): Resource<Name> {
  const calls = Object.entries(resources[name]).map(([verb, id]) => [verb, callOf(http, id as OperationId)]);
  return Object.fromEntries(calls) as Resource<Name>;
}

function authenticationOf({ token, apiKey }: AtsClientOptions): () => Promise<Record<string, string>> {
  if (token !== undefined && apiKey !== undefined) throw new TypeError('Give either a token or an API key, not both.');
  if (apiKey !== undefined) {
    const headers = { 'x-api-key': printable(apiKey, 'API key') };
    return async () => headers;
  }
  if (token === undefined) return async () => ({});
  return async () => {
    const given = typeof token === 'string' ? token : await token();
    return { authorization: `Bearer ${printable(given, 'token')}` };
  };
}

/** The runtime's own error for a broken header repeats the secret. */
function printable(secret: string, kind: string): string {
  if (!/^[\x21-\x7e]+$/.test(secret)) throw new TypeError(`The ${kind} is empty or has a space or a line break.`);
  return secret;
}
