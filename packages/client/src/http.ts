import createClient, { type Client } from 'openapi-fetch';
import { ConnectionError, errorIn } from './errors.ts';
import type { components, paths } from './generated/schema.ts';

/** The types of the contract: `Schemas['CheckResponse']`. */
export type Schemas = components['schemas'];

/** Every route by method and address, typed: `http.GET('/ats/v0/jobs/{id}', { params: { path: { id } } })`. */
export type Http = Client<paths>;

export interface HttpOptions {
  /** Where the service is: `https://ats.example.org`. */
  baseUrl: string;
  headers?: Record<string, string>;
  /** Headers that are asked for at each request, such as a token that changes. */
  authenticate?: () => Record<string, string> | Promise<Record<string, string>>;
  fetch?: (request: Request) => Promise<Response>;
}

/** The service by method and address. Every answer but success is thrown as an `ApiError`. */
export function createHttp({ authenticate, ...options }: HttpOptions): Http {
  // A redirect would carry the key to another server. The service sends none.
  const http = createClient<paths>({ ...options, redirect: 'error' });
  http.use({
    async onRequest({ request }) {
      for (const [name, value] of Object.entries((await authenticate?.()) ?? {})) request.headers.set(name, value);
    },
    async onResponse({ response }) {
      if (!response.ok) throw await errorIn(response);
    },
    onError({ error, request }) {
      // The reason for which the caller cancelled is thrown.
      return request.signal.aborted ? undefined : new ConnectionError(error);
    },
  });
  return http;
}
