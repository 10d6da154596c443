import type { SandboxControl, SandboxFault } from './control-client.ts';

/** One way in which Certn fails; the same id has several rows where there are several ways. */
export interface FaultRow {
  /** The row of docs/reliability.md. */
  id: string;
  title: string;
  /** Played for the next order, or for the calls that follow it. */
  fault?: Omit<SandboxFault, 'account'>;
  /** Settings of the account that make the fault. */
  settings?: Record<string, unknown>;
  /** Whether Certn accepted the order although the client does not learn it. Absent: the fault does not touch the order. */
  accepted?: boolean;
}

const order = (kind: string, more: Partial<SandboxFault> = {}): FaultRow['fault'] => ({
  route: 'order-package',
  kind,
  ...more,
});

/** What a client of Certn must survive. Kills, lost databases and hostile senders are not Certn's: no row is here. */
export const faultRows: readonly FaultRow[] = [
  { id: 'A2', title: 'webhook events with a wrong signature', settings: { webhook_wrong_signature: true } },
  { id: 'B1', title: 'every webhook event a hundred times', settings: { webhook_duplicates: 99 } },
  { id: 'B4', title: 'webhook events in another order', settings: { webhook_reorder: 'random' } },
  {
    id: 'B7',
    title: 'a webhook event before the answer to the order',
    settings: { webhook_on_order: true },
    fault: order('commit-then-hang'),
  },
  { id: 'E1', title: 'the connection is cut before the order is read', fault: order('reset-before'), accepted: false },
  {
    id: 'E2',
    title: 'the order is taken and the answer hangs',
    fault: order('commit-then-hang', { ms: 60_000 }),
    accepted: true,
  },
  {
    id: 'E3',
    title: 'the answer hangs and the order is taken later',
    fault: order('hang-then-commit', { ms: 5_000 }),
    accepted: true,
  },
  { id: 'E4', title: '5xx, with the order not taken', fault: order('status', { status: 503 }), accepted: false },
  {
    id: 'E4',
    title: '5xx, with the order taken',
    fault: order('status-after-commit', { status: 502 }),
    accepted: true,
  },
  {
    id: 'E4',
    title: 'a gateway gives up, with the order not taken',
    fault: order('hang-before-commit'),
    accepted: false,
  },
  {
    id: 'E5',
    title: 'cut off without a byte, with the order taken',
    fault: order('reset-after-commit'),
    accepted: true,
  },
  { id: 'E5', title: 'cut off after the headers', fault: order('reset-after-headers'), accepted: true },
  { id: 'E5', title: 'half of the JSON', fault: order('truncated-json'), accepted: true },
  { id: 'E5', title: '200 with a page of HTML', fault: order('html-200'), accepted: true },
  { id: 'E5', title: '201 without an id', fault: order('no-id-201'), accepted: true },
  { id: 'E5', title: '201 with a number as id', fault: order('wrong-type-id'), accepted: true },
  { id: 'E6', title: 'refused with reasons', fault: order('status', { status: 400 }), accepted: false },
  { id: 'E7', title: 'the key is refused', fault: order('status', { status: 401 }), accepted: false },
  { id: 'E8', title: 'throttled, with a time to wait', fault: order('throttle', { retry_after: 1 }), accepted: false },
  { id: 'E8', title: 'throttled, without a word', fault: order('throttle'), accepted: false },
  { id: 'E8', title: 'throttled by a gateway', fault: order('throttle-foreign'), accepted: false },
  { id: 'E9', title: 'the list lags', settings: { list_lag_ms: 5_000 } },
  { id: 'E11', title: 'the pages of the list shift', fault: { route: 'cases', kind: 'page-shift', by: 3 } },
  { id: 'E12', title: 'addresses come back in lower case', settings: { email_storage: 'lowercase' } },
  { id: 'E13', title: 'redirected', fault: order('redirect'), accepted: false },
  { id: 'E14', title: 'slow', settings: { latency_ms: 8_000 } },
  { id: 'E14', title: 'an answer that drips', fault: order('slow-body', { ms: 5_000 }), accepted: true },
  { id: 'E15', title: 'away, for every call', fault: { kind: 'status', status: 503, times: null } },
  { id: 'E16', title: 'no webhook event arrives', settings: { webhook_drop_every: 1 } },
  { id: 'E17', title: 'a report at an internal address', settings: { report_url_override: 'http://169.254.169.254/' } },
];

/** Makes the account fail in this way: the next order, or everything until the settings change. */
export async function playFault(control: SandboxControl, account: string, row: FaultRow): Promise<void> {
  if (row.settings) await control.patchAccount(account, { settings: row.settings });
  if (row.fault) await control.fault({ account, ...row.fault });
}
