import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors';

/** Pages of other origins cannot send this header without a CORS preflight, and the service never allows it. */
export const csrfHeader = 'x-csrf-protection';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const bodyTypes = /^application\/(json|x-ndjson)\s*(;|$)/i;

const crossSite = (): DomainError =>
  new DomainError(
    'forbidden',
    'cross_site_request',
    'This request did not come from a page of this service: open the page here and try again.',
  );

/**
 * Refuses a request that a page of another origin may have made the browser send. For requests admitted by a cookie: the browser
 * adds it to every request, whatever page caused it. Throws 403 `cross_site_request`.
 */
export function mustBeSameOrigin(request: FastifyRequest, publicUrl: string): void {
  if (safeMethods.has(request.method)) {
    if (!['same-origin', 'none', undefined].includes(fetchSite(request))) throw crossSite();
    return;
  }
  const { headers } = request;
  const type = headers['content-type'];
  if (headers[csrfHeader] === undefined || !isFromHere(request, publicUrl)) throw crossSite();
  if (type !== undefined && !bodyTypes.test(type)) throw crossSite();
}

/** Browsers state where a request comes from; on plain http beyond loopback only in `Origin`. Without either it is refused. */
function isFromHere(request: FastifyRequest, publicUrl: string): boolean {
  const site = fetchSite(request);
  if (site !== undefined && site !== 'same-origin') return false;
  const { origin, host } = request.headers;
  if (origin === undefined) return site === 'same-origin';
  const { protocol, origin: own } = new URL(publicUrl);
  return origin === own || origin === `${protocol}//${host ?? ''}`;
}

function fetchSite({ headers }: FastifyRequest): string | undefined {
  const site = headers['sec-fetch-site'];
  return Array.isArray(site) ? site.join() : site;
}
