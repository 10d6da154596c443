import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import axios from 'axios';
import { ProviderFailure } from '../../domain/screening-provider.js';
import { failure } from './certn-outcomes.js';
import { FreshConnection } from './fresh-connection.js';
import { isPublicAddress, isPrivateAddressError, publicLookup, type Resolve } from './public-address.js';

const longestUrl = 8_192;
/** Either end may be slow, but neither may stop for good. */
const longestSilenceMs = 60_000;

export interface Download {
  /** The configured host's origin, which may be private: somebody of ours configured it. */
  trustedOrigin: string | null;
  timeoutMs: number;
  resolve?: Resolve;
}

/** Opens the pre-signed address of a report: no key, no redirects, and no way into our own network (reliability.md E17). */
export async function openReport(
  url: string,
  download: Download,
): Promise<{ stream: Readable; length: number | null }> {
  const target = allowedAddress(url, download.trustedOrigin);
  const trusted = target.origin === download.trustedOrigin;
  const connection = new FreshConnection({ lookup: trusted ? undefined : publicLookup(download.resolve) });
  const headersInTime = new AbortController();
  const timer = setTimeout(() => headersInTime.abort(), download.timeoutMs);
  try {
    const { status, stream, length } = await request(target, connection, headersInTime.signal);
    if (status !== 200) throw refusalOf(status);
    stream.once('close', () => connection.close());
    connection.endWhenIdle(longestSilenceMs);
    return { stream, length };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function allowedAddress(url: string, trustedOrigin: string | null): URL {
  const target = url.length <= longestUrl && URL.canParse(url) ? new URL(url) : null;
  if (!target || target.username !== '' || target.password !== '') throw forbidden();
  if (target.origin === trustedOrigin) return target;
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (target.protocol !== 'https:' || (isIP(host) !== 0 && !isPublicAddress(host))) throw forbidden();
  return target;
}

function forbidden(): ProviderFailure {
  return new ProviderFailure('give_up', 'refused', 'The address of the report is not one that may be opened.');
}

interface Opened {
  status: number;
  stream: Readable;
  length: number | null;
}

/** `identity`: the length that is passed on must be that of the bytes that are. */
async function request(target: URL, agents: FreshConnection, signal: AbortSignal): Promise<Opened> {
  try {
    const { status, data, headers } = await axios.request<unknown>({
      url: target.href,
      headers: { Accept: 'application/pdf', 'Accept-Encoding': 'identity' },
      responseType: 'stream',
      decompress: false,
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
      httpAgent: agents.httpAgent,
      httpsAgent: agents.httpsAgent,
      signal,
    });
    if (!(data instanceof Readable)) throw failure('retry', 'nonsense');
    const length = Number(headers['content-length'] ?? NaN);
    return { status, stream: data, length: Number.isSafeInteger(length) ? length : null };
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    if (isPrivateAddressError(error)) throw forbidden();
    throw failure('retry', signal.aborted ? 'timeout' : 'unreachable');
  }
}

function refusalOf(status: number): ProviderFailure {
  if (status >= 500 || status === 429) return failure('retry', 'server_error');
  return status >= 300 && status < 400 ? forbidden() : failure('give_up', 'not_found');
}
