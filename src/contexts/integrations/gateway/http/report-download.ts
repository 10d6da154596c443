import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import axios from 'axios';
import { VendorFailure } from '../domain/vendor-terms.js';
import { failuresWith, sentencesOf } from './failures.js';
import { FreshConnection } from '#platform/outbound/fresh-connection';
import {
  isPublicAddress,
  isForbiddenAddressError,
  publicLookup,
  type Resolve,
} from '#platform/outbound/public-address';
import { bounded, startsAsPdf } from './report-bytes.js';

const longestUrl = 8_192;
/** Either end may be slow, but neither may stall for longer. */
const longestSilenceMs = 60_000;
/** Far more than a report of some pages needs. */
const largest = 50 * 1024 * 1024;
const longestMs = 120_000;

export interface Download {
  /** The vendor's name, for sentences. */
  vendor: string;
  /** The origin of the configured host. It may be private, because the operator configured it. */
  trustedOrigin: string | null;
  /** The names of hosts from which this vendor's reports may come. */
  hosts: ReportHosts;
  /** For the headers and the first bytes. */
  timeoutMs: number;
  /** Bytes; for tests. */
  largest?: number;
  resolve?: Resolve;
}

/** Where a vendor keeps its reports. */
export interface ReportHosts {
  allows(host: string): boolean;
  /** One sentence that says why this host is refused, and what to do. `host` is shortened. */
  whyNot(host: string): string;
}

/**
 * Opens the pre-signed URL of a report without the key or redirects, on the allowed hosts only, and never in our own network
 * (server-side request forgery). A file that is not a PDF is refused before a byte is passed on, and so is one whose stated
 * length is too large.
 */
export async function openReport(
  url: string,
  download: Download,
): Promise<{ stream: Readable; length: number | null }> {
  const target = allowedAddress(url, download);
  const trusted = target.origin === download.trustedOrigin;
  const fail = failuresWith(sentencesOf(download.vendor));
  const connection = new FreshConnection({ lookup: trusted ? undefined : publicLookup(download.resolve) });
  const inTime = new AbortController();
  const timer = setTimeout(() => inTime.abort(), download.timeoutMs);
  try {
    const { status, stream, length } = await request(target, connection, inTime.signal, fail);
    if (status !== 200) throw refusalOf(status, fail);
    stream.on('error', () => undefined).once('close', () => connection.close());
    connection.endWhenIdle(longestSilenceMs);
    const most = download.largest ?? largest;
    if (length !== null && length > most)
      throw unusable(`${download.vendor}'s report is larger than ${most / 1024 / 1024} MiB.`);
    if (!(await isPdf(stream, inTime.signal, fail)))
      throw unusable(`What ${download.vendor} sent as the report is not a PDF.`);
    return { stream: bounded(stream, { bytes: most, ms: longestMs }), length };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function isPdf(stream: Readable, signal: AbortSignal, fail: Fail): Promise<boolean> {
  try {
    return await startsAsPdf(stream);
  } catch {
    throw fail('retry', signal.aborted ? 'timeout' : 'unreachable');
  }
}

function allowedAddress(url: string, { trustedOrigin, hosts }: Download): URL {
  const target = url.length <= longestUrl && URL.canParse(url) ? new URL(url) : null;
  if (!target || target.username !== '' || target.password !== '') throw forbidden();
  if (target.origin === trustedOrigin) return target;
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (target.protocol !== 'https:' || (isIP(host) !== 0 && !isPublicAddress(host))) throw forbidden();
  if (!hosts.allows(host)) throw unusable(hosts.whyNot(host.slice(0, 100)));
  return target;
}

function unusable(message: string): VendorFailure {
  return new VendorFailure('give_up', 'unusable', message);
}

function forbidden(): VendorFailure {
  return unusable('The address of the report is not allowed.');
}

type Fail = ReturnType<typeof failuresWith>;

interface Opened {
  status: number;
  stream: Readable;
  length: number | null;
}

/** `identity` prevents compression: the stated length must be that of the bytes that are passed on. */
async function request(target: URL, agents: FreshConnection, signal: AbortSignal, fail: Fail): Promise<Opened> {
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
    if (!(data instanceof Readable)) throw fail('retry', 'nonsense');
    const length = Number(headers['content-length'] ?? NaN);
    return { status, stream: data, length: Number.isSafeInteger(length) ? length : null };
  } catch (error) {
    if (error instanceof VendorFailure) throw error;
    if (isForbiddenAddressError(error)) throw forbidden();
    throw fail('retry', signal.aborted ? 'timeout' : 'unreachable');
  }
}

function refusalOf(status: number, fail: Fail): VendorFailure {
  if (status >= 500 || status === 429) return fail('retry', 'server_error');
  return status >= 300 && status < 400 ? forbidden() : fail('give_up', 'not_found');
}
