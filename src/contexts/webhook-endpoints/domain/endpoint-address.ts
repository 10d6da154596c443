import { addressRefused } from './errors.js';

/**
 * Where a host leads. `public`: to public addresses alone · `allowed`: to addresses in `OUTBOUND_ALLOWED_NETWORKS` · `forbidden`: to
 * at least one address that is neither · `unknown`: its name does not resolve now.
 */
export type Zone = 'public' | 'allowed' | 'forbidden' | 'unknown';

export const longestUrl = 2_048;

/** Reads the address of an endpoint. Throws 422 `address_not_allowed` for one that could never be sent to. */
export function readAddress(text: string): URL {
  const url = text.length <= longestUrl && URL.canParse(text) ? new URL(text) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol))
    throw addressRefused('Enter an address that begins with https://.');
  if (url.username !== '' || url.password !== '')
    throw addressRefused('Leave the user name and password out of the address.');
  if (url.hash !== '') throw addressRefused('Leave out the part of the address that begins with #.');
  return url;
}

/** Throws 422 for an address that events must not be sent to. A name that does not resolve now is judged when it is sent to. */
export function mustBeAllowed(url: URL, zone: Zone): void {
  if (zone === 'forbidden') throw addressRefused('The address is in a private network. Events are not sent there.');
  if (url.protocol === 'http:' && zone !== 'allowed')
    throw addressRefused('Enter an address that begins with https://.');
}
