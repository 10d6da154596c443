import { randomBytes, randomUUID } from 'node:crypto';
import type { Account, Package } from './account.ts';
import { shortId } from './short-id.ts';

/** One check inside a case (docs/certn-api.md 2.4). */
export interface Check {
  id: string;
  short_id: string;
  type: string;
  status: string;
  score: string | null;
  sub_score: string | null;
}

/** A case as the stand-in stores it. `showCase` decides what a client sees. */
export interface Case {
  id: string;
  short_id: string;
  account: string;
  origin: 'api' | 'portal';
  package: string | null;
  group: string | null;
  ordered_by: string | null;
  tags: { id: string; name: string }[];
  created: string;
  email_address: string;
  overall_status: string;
  overall_score: string | null;
  send_invite_email: boolean;
  return_invite_link: boolean;
  invite_token: string;
  input_claims: object;
  checks: Check[];
}

export interface CaseOptions {
  id?: string;
  short_id?: string;
  created?: string;
  origin: 'api' | 'portal';
  package: Package | null;
  email_address: string;
  check_types?: string[];
  group?: string | null;
  ordered_by?: string | null;
  tags?: { id: string; name: string }[];
  send_invite_email: boolean;
  return_invite_link?: boolean;
  input_claims?: object;
}

export function newCase(account: Account, options: CaseOptions): Case {
  const { region, email_storage } = account.settings;
  return {
    id: options.id ?? randomUUID(),
    short_id: options.short_id ?? shortId('CS', region),
    account: account.id,
    origin: options.origin,
    package: options.package?.id ?? null,
    group: options.group ?? null,
    ordered_by: options.ordered_by ?? null,
    tags: options.tags ?? [],
    created: options.created ?? new Date().toISOString(),
    email_address: email_storage === 'lowercase' ? options.email_address.toLowerCase() : options.email_address,
    overall_status: 'CASE_ORDERED',
    overall_score: null,
    send_invite_email: options.send_invite_email,
    return_invite_link: options.return_invite_link ?? false,
    invite_token: randomBytes(18).toString('base64url'),
    input_claims: options.input_claims ?? {},
    checks: (options.check_types ?? options.package?.checks ?? []).map((type) => newCheck(type, region)),
  };
}

function newCheck(type: string, region: string): Check {
  const status = 'AWAITING_APPLICANT_SUBMISSION';
  return { id: randomUUID(), short_id: shortId('CK', region), type, status, score: null, sub_score: null };
}

export const inviteLink = (url: string, found: Case): string => `${url}/candidate/${found.invite_token}`;

/** A case as an API client sees it (docs/certn-api.md 2.4); `brief` is the list's summary, where checks may be missing (2.3). */
export function showCase(account: Account, found: Case, url: string, brief = false): Record<string, unknown> {
  const summary = {
    id: found.id,
    short_id: found.short_id,
    created: found.created,
    email_address: found.email_address,
    overall_status: found.overall_status,
    overall_score: found.overall_score,
    tags: found.tags.map((tag) => tag.name),
    ...(account.settings.show_package ? { package: found.package } : {}),
  };
  if (brief) return summary;
  return {
    ...summary,
    invite_link: found.return_invite_link ? inviteLink(url, found) : null,
    input_claims: found.input_claims,
    check_types_with_arguments: Object.fromEntries(found.checks.map((check) => [check.type, {}])),
    checks: found.checks.map((check) => ({
      ...check,
      adjudication_score: null,
      adjudication_sub_score: null,
      output_claims: {},
    })),
  };
}
