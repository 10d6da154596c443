import { lookup as resolveAddress } from 'node:dns';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import axios from 'axios';
import { FreshConnection } from '#platform/outbound/fresh-connection';
import {
  allowedLookup,
  isForbiddenAddressError,
  isPublicAddress,
  type Resolve,
} from '#platform/outbound/public-address';
import { answered, type AttemptOutcome, noAnswer } from '../../domain/attempt-outcome.js';
import type { Zone } from '../../domain/endpoint-address.js';
import { EndpointCalls, type SignedMessage } from '../../domain/endpoint-calls.js';
import { WebhookEndpointsSettings } from '../../settings.js';

const resolveMs = 3_000;
/** As much of an answer is read before the connection is closed, so that most endpoints see an ordinary end. */
const longestAnswer = 16 * 1024;
/** The answer counts when its status is here. Its body has this long. */
const bodyMs = 1_000;

@Injectable()
export class HttpEndpointCalls extends EndpointCalls {
  /** For tests of names; otherwise the system's own resolution. */
  protected resolve: Resolve = resolveAddress;

  constructor(private readonly settings: WebhookEndpointsSettings) {
    super();
  }

  async zoneOf(url: URL): Promise<Zone> {
    const addresses = await this.addressesOf(hostIn(url));
    if (addresses.length === 0) return 'unknown';
    if (addresses.every((address) => this.isAllowed(address))) return 'allowed';
    return addresses.every((address) => this.isReachable('https:', address)) ? 'public' : 'forbidden';
  }

  async send({ url, headers, body }: SignedMessage): Promise<AttemptOutcome> {
    const target = new URL(url);
    const begun = performance.now();
    const took = (): number => Math.round(performance.now() - begun);
    const isReachable = (address: string): boolean => this.isReachable(target.protocol, address);
    // No lookup is made for a host that is an address.
    if (isIP(hostIn(target)) !== 0 && !isReachable(hostIn(target))) return noAnswer('forbidden', 0);
    const connection = new FreshConnection({ lookup: allowedLookup(isReachable, this.resolve) });
    const inTime = AbortSignal.timeout(this.settings.timeoutMs);
    try {
      const { status, data } = await axios.request<unknown>({
        method: 'POST',
        url: target.href,
        data: Buffer.from(body),
        headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'ats-webhooks', accept: '*/*' },
        responseType: 'stream',
        decompress: false,
        maxRedirects: 0,
        proxy: false,
        validateStatus: () => true,
        httpAgent: connection.httpAgent,
        httpsAgent: connection.httpsAgent,
        signal: inTime,
      });
      const durationMs = took();
      if (data instanceof Readable) await discarded(data);
      return answered(status, durationMs);
    } catch (error) {
      return noAnswer(whyNot(error, inTime), took());
    } finally {
      connection.close();
    }
  }

  private isAllowed(address: string): boolean {
    return this.settings.allowedNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }

  private isReachable(protocol: string, address: string): boolean {
    return this.isAllowed(address) || (protocol === 'https:' && isPublicAddress(address));
  }

  private addressesOf(host: string): Promise<string[]> {
    if (isIP(host) !== 0) return Promise.resolve([host]);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve([]), resolveMs);
      this.resolve(host, { all: true }, (error, addresses) => {
        clearTimeout(timer);
        resolve(error ? [] : addresses.map(({ address }) => address));
      });
    });
  }
}

const hostIn = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/** Reads an answer up to a small limit and forgets it. */
function discarded(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    let left = longestAnswer;
    const end = (): void => {
      clearTimeout(timer);
      stream.destroy();
      resolve();
    };
    const timer = setTimeout(end, bodyMs);
    stream.on('data', (piece: Buffer) => {
      left -= piece.length;
      if (left <= 0) end();
    });
    stream.once('end', end).once('close', end).on('error', end);
  });
}

const certificateFault = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

function whyNot(error: unknown, inTime: AbortSignal): Parameters<typeof noAnswer>[0] {
  if (inTime.aborted) return 'timeout';
  if (isForbiddenAddressError(error)) return 'forbidden';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return certificateFault.test(code) ? 'certificate' : 'unreachable';
}
