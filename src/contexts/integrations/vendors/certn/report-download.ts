import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import axios from 'axios';
import { ProviderFailure } from '../../gateway/domain/screening-provider.js';
import { failure } from './certn-outcomes.js';
import { FreshConnection } from './fresh-connection.js';
import { isPublicAddress, isPrivateAddressError, publicLookup, type Resolve } from './public-address.js';
import { bounded, startsAsPdf } from './report-bytes.js';

const longestUrl = 8_192;
/** Either end may be slow, but neither may stall for longer. */
const longestSilenceMs = 60_000;
/** Far more than a report of some pages needs. */
const largest = 50 * 1024 * 1024;
const longestMs = 120_000;
/** All of Certn's own hosts are in this domain. */
const ownDomain = 'certn.co';

export interface Download {
  /** The origin of the configured host. It may be private, because the operator configured it. */
  trustedOrigin: string | null;
  /** Hosts outside Certn's domain where it keeps reports. */
  hosts?: readonly string[];
  /** For the headers and the first bytes. */
  timeoutMs: number;
  /** Bytes; for tests. */
  largest?: number;
  resolve?: Resolve;
}

/**
 * Opens the pre-signed URL of a report without the key or redirects, on Certn's hosts only, and never in our own network
 * (server-side request forgery). A file that is not a PDF is refused before a byte is passed on, and so is one whose stated
 * length is too large.
 */
export async function openReport(
  url: string,
  download: Download,
): Promise<{ stream: Readable; length: number | null }> {
  const target = allowedAddress(url, download);
  const trusted = target.origin === download.trustedOrigin;
  const connection = new FreshConnection({ lookup: trusted ? undefined : publicLookup(download.resolve) });
  const inTime = new AbortController();
  const timer = setTimeout(() => inTime.abort(), download.timeoutMs);
  try {
    const { status, stream, length } = await request(target, connection, inTime.signal);
    if (status !== 200) throw refusalOf(status);
    stream.on('error', () => undefined).once('close', () => connection.close());
    connection.endWhenIdle(longestSilenceMs);
    const most = download.largest ?? largest;
    if (length !== null && length > most) throw unusable(`Certn's report is larger than ${most / 1024 / 1024} MiB.`);
    if (!(await isPdf(stream, inTime.signal))) throw unusable('What Certn sent as the report is not a PDF.');
    return { stream: bounded(stream, { bytes: most, ms: longestMs }), length };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function isPdf(stream: Readable, signal: AbortSignal): Promise<boolean> {
  try {
    return await startsAsPdf(stream);
  } catch {
    throw failure('retry', signal.aborted ? 'timeout' : 'unreachable');
  }
}

function allowedAddress(url: string, { trustedOrigin, hosts = [] }: Download): URL {
  const target = url.length <= longestUrl && URL.canParse(url) ? new URL(url) : null;
  if (!target || target.username !== '' || target.password !== '') throw forbidden();
  if (target.origin === trustedOrigin) return target;
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (target.protocol !== 'https:' || (isIP(host) !== 0 && !isPublicAddress(host))) throw forbidden();
  if (host !== ownDomain && !host.endsWith(`.${ownDomain}`) && !hosts.includes(host)) throw elsewhere(host);
  return target;
}

function unusable(message: string): ProviderFailure {
  return new ProviderFailure('give_up', 'unusable', message);
}

const elsewhere = (host: string): ProviderFailure =>
  unusable(`The report is at ${host.slice(0, 100)}, which is not in CERTN_REPORT_HOSTS.`);

function forbidden(): ProviderFailure {
  return unusable('The address of the report is not allowed.');
}

interface Opened {
  status: number;
  stream: Readable;
  length: number | null;
}

/** `identity` prevents compression: the stated length must be that of the bytes that are passed on. */
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
