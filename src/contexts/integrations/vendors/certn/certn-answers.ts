import type { ReportState, VendorCase, VendorPackage } from '../../gateway/domain/screening-provider.js';
import { resultOf, stateOf, statusWhenMissing } from './certn-words.js';

/** Parsed JSON, or undefined for anything else than JSON in UTF-8. Gateways answer HTML, and networks cut answers off. */
export function readJson(source: Buffer | string): unknown {
  try {
    const text = typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source);
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function record(value: unknown): Partial<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

/** Certn's ids are UUIDs. A value that could alter a path, a log line or a query is not accepted as an id. */
export function safeId(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? value : null;
}

/** A vendor's text made safe to store and show: no control characters, no lone surrogates, limited length. */
function textOf(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return null;
  const clean = value.toWellFormed().replace(/\p{Cc}+/gu, '');
  return clean.trim() === '' ? null : clean.slice(0, longest).toWellFormed();
}

/** A status or a score; null when Certn sent none. A value that is not readable text becomes a word that no table knows. */
function wordOf(value: unknown): string | null {
  return value === undefined || value === null ? null : (textOf(value, 64) ?? 'UNREADABLE');
}

/** ISO 8601, with or without fraction and zone (docs/certn-api.md 7.18). Without a zone it is UTC. */
function dateOf(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const date = new Date(/T[\d:.]+$/.test(value) ? `${value}Z` : value);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Only `id` is required (docs/certn-api.md 2.4). No package has been seen on a case so far; if one is there, it is read. */
export function caseOf(body: unknown): VendorCase | null {
  const fields = record(body);
  const id = safeId(fields?.id);
  if (!fields || !id) return null;
  const vendorStatus = wordOf(fields.overall_status) ?? statusWhenMissing;
  const vendorScore = wordOf(fields.overall_score);
  return {
    id,
    shortId: textOf(fields.short_id, 64),
    state: stateOf(vendorStatus),
    result: resultOf(vendorScore),
    vendorStatus,
    vendorScore,
    email: textOf(fields.email_address, 320),
    packageId: safeId(fields.package) ?? safeId(record(fields.package)?.id) ?? safeId(fields.package_id),
    createdAt: dateOf(fields.created),
  };
}

/** Only `id` is required. A missing name becomes the id, a missing `is_active` true (docs/certn-api.md 3). */
export function packageOf(item: unknown): VendorPackage | null {
  const fields = record(item);
  const id = safeId(fields?.id);
  return fields && id ? { id, name: textOf(fields.name, 200) ?? id, active: fields.is_active !== false } : null;
}

/** The id to ask for the report with. Sources disagree on the field's name (docs/certn-api.md 2.6). */
export function reportIdOf(body: unknown): string | null {
  const fields = record(body);
  return safeId(fields?.case_report_file_id) ?? safeId(fields?.id);
}

/** Any status except FAILED, and COMPLETE with a URL, counts as pending (docs/certn-api.md 7.12). */
export function reportOf(body: unknown): ReportState | null {
  const fields = record(body);
  if (!fields) return null;
  if (fields.status === 'FAILED') return { state: 'failed' };
  const urls = [fields.pdf_url, fields.url, fields.file_url, fields.download_url];
  const url = urls.find((candidate) => typeof candidate === 'string' && candidate !== '');
  return fields.status === 'COMPLETE' && typeof url === 'string' ? { state: 'ready', url } : { state: 'pending' };
}
