import type { ReportState, VendorCase, VendorPackage } from '../../gateway/domain/vendor-terms.js';
import { record, safeId, textOf } from '../../gateway/http/untrusted.js';
import { resultOf, stateOf, statusWhenMissing } from './certn-words.js';

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
