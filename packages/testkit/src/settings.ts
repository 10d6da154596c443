import { badRequest } from './refusal.ts';

/**
 * The settings of one account. Where docs/certn-api.md leaves something open, a setting has each possible answer; the default
 * follows its section 7. packages/testkit/README.md explains every setting.
 */
export const defaultSettings = {
  region: 'CA' as 'CA' | 'UK' | 'AU',

  page_shape: 'pagination' as 'pagination' | 'count',
  events_page_size: 10,
  list_lag_ms: 0,
  list_checks: false,
  show_package: false,
  package_fields: 'full' as 'full' | 'id',
  email_filter: 'exact' as 'exact' | 'ignore_case',
  email_storage: 'as_given' as 'as_given' | 'lowercase',

  strict_fields: false,
  refused_fields: [] as string[],
  require_group: false,
  default_send_invite: true,
  auto_deliver_ms: 200 as number | null,
  decline_as: 'APPLICANT_DECLINED' as 'APPLICANT_DECLINED' | 'CANCELLED',

  refused_key_status: 401 as 401 | 403,
  latency_ms: 0,
  enforce_rate_limit: true,
  per_minute: 60,
  per_day: 7220,

  report_ms: 300,
  report_absent_ms: 0,
  report_outcome: 'COMPLETE' as 'COMPLETE' | 'FAILED',
  report_url_ttl_ms: 60_000,
  report_url_override: null as string | null,
  report_field_names: 'standard' as 'standard' | 'guessed',

  handshake_timeout_ms: 10_000,
  webhook_variant: 'official' as 'official' | 'wild',
  webhook_on_order: false,
  webhook_check_events: 'none' as 'none' | 'case' | 'check',
  webhook_duplicates: 0,
  webhook_reorder: 'none' as 'none' | 'reverse' | 'random',
  webhook_reorder_hold: 3,
  webhook_reorder_wait_ms: 500,
  webhook_delay_ms: 0,
  webhook_drop_every: 0,
  webhook_drop_next: 0,
  webhook_wrong_signature: false,
  webhook_paused: false,
  webhook_timeout_ms: 10_000,
  webhook_retry_base_ms: 2_000,
  webhook_retry_window_ms: 7_200_000,
};

export type Settings = typeof defaultSettings;

const choices: Partial<Record<keyof Settings, readonly unknown[]>> = {
  region: ['CA', 'UK', 'AU'],
  page_shape: ['pagination', 'count'],
  package_fields: ['full', 'id'],
  email_filter: ['exact', 'ignore_case'],
  email_storage: ['as_given', 'lowercase'],
  decline_as: ['APPLICANT_DECLINED', 'CANCELLED'],
  refused_key_status: [401, 403],
  report_outcome: ['COMPLETE', 'FAILED'],
  report_field_names: ['standard', 'guessed'],
  webhook_variant: ['official', 'wild'],
  webhook_check_events: ['none', 'case', 'check'],
  webhook_reorder: ['none', 'reverse', 'random'],
};

const accepts: Partial<Record<keyof Settings, (value: unknown) => boolean>> = {
  refused_fields: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  auto_deliver_ms: (value) => value === null || isCount(value),
  report_url_override: (value) => value === null || typeof value === 'string',
};

/** The settings with a patch applied. A misspelt name or a value of the wrong kind is refused, not ignored. */
export function mergeSettings(current: Settings, patch: unknown): Settings {
  if (patch === undefined) return current;
  if (typeof patch !== 'object' || patch === null) throw badRequest('"settings" must be an object.');
  for (const [name, value] of Object.entries(patch)) {
    if (!Object.hasOwn(defaultSettings, name)) throw badRequest(`There is no setting "${name}".`);
    if (!isAllowed(name as keyof Settings, value)) throw badRequest(`"${name}" cannot be ${JSON.stringify(value)}.`);
  }
  return { ...current, ...patch };
}

function isAllowed(name: keyof Settings, value: unknown): boolean {
  const listed = choices[name];
  if (listed) return listed.includes(value);
  const own = accepts[name];
  if (own) return own(value);
  return typeof defaultSettings[name] === 'number' ? isCount(value) : typeof value === typeof defaultSettings[name];
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
