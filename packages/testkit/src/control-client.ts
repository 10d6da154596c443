import type { WireEntry } from './wire-log.ts';

export interface SandboxPackage {
  id: string;
  name: string;
  is_active: boolean;
  permissible_purposes: string[];
  checks: string[];
}

export interface SandboxWebhook {
  id: string;
  url: string;
  enabled: boolean;
  last_handshake: { time: string; ok: boolean; reason: string | null } | null;
}

export interface SandboxAccount {
  id: string;
  name: string;
  api_key: string | null;
  api_keys: { id: string; key: string; created: string; expires: string; revoked: boolean }[];
  webhook_secret: string;
  webhooks: SandboxWebhook[];
  packages: SandboxPackage[];
  groups: { id: string; name: string }[];
  users: { id: string; email: string }[];
  tags: { id: string; name: string }[];
  settings: Record<string, unknown>;
}

export interface SandboxCase {
  id: string;
  short_id: string;
  account: string;
  origin: 'api' | 'portal';
  package: string | null;
  group: string | null;
  created: string;
  email_address: string;
  overall_status: string;
  overall_score: string | null;
  invite_link: string;
  possible_actions: string[];
}

export interface SandboxMail {
  id: string;
  case: string;
  kind: 'invitation' | 'cancelled';
  to: string;
  subject: string;
  text: string;
  link: string | null;
  created: string;
}

/** One request to `/api/…` as it arrived. */
export type SandboxRequest = WireEntry;

export interface SandboxLedgerLine {
  time: string;
  account: string;
  case: string;
  package: string | null;
  email: string;
  request: string;
}

export interface SandboxDelivery {
  id: string;
  time: string;
  account: string;
  webhook: string;
  url: string;
  event: string;
  event_type: string;
  case: string;
  attempt: number;
  outcome: 'delivered' | 'failed' | 'dropped' | 'given_up';
  status: number | null;
  error: string | null;
  body: string;
}

export interface SandboxEvent {
  id: string;
  account: string;
  case: string;
  created: string;
  event_type: string;
  object_id: string;
  object_type: string;
  case_status: string;
}

export interface SandboxFault {
  account?: string;
  route?: string;
  kind: string;
  times?: number | null;
  ms?: number;
  status?: number;
  body?: unknown;
  retry_after?: number | string;
  location?: string;
  by?: number;
}

type Query = Record<string, string | number | undefined>;

/** The control API, typed. Accounts are named by id or by name. */
export class SandboxControl {
  private readonly urlOf: () => string;

  constructor(urlOf: () => string) {
    this.urlOf = urlOf;
  }

  createAccount(options: {
    name: string;
    api_key?: string;
    webhook_secret?: string;
    packages?: ({ name: string } & Partial<SandboxPackage>)[];
    settings?: Record<string, unknown>;
  }): Promise<SandboxAccount> {
    return this.call('POST', 'accounts', options);
  }

  accounts(): Promise<SandboxAccount[]> {
    return this.call('GET', 'accounts');
  }

  account(idOrName: string): Promise<SandboxAccount> {
    return this.call('GET', `accounts/${encodeURIComponent(idOrName)}`);
  }

  patchAccount(
    idOrName: string,
    patch: {
      settings?: Record<string, unknown>;
      add_key?: true | string;
      revoke_key?: string;
      expire_key?: string;
      rotate_key?: true;
      webhook_secret?: string;
      regenerate_webhook_secret?: true;
    },
  ): Promise<SandboxAccount> {
    return this.call('PATCH', `accounts/${encodeURIComponent(idOrName)}`, patch);
  }

  setPackages(idOrName: string, packages: ({ name: string } & Partial<SandboxPackage>)[]): Promise<SandboxAccount> {
    return this.call('PUT', `accounts/${encodeURIComponent(idOrName)}/packages`, packages);
  }

  registerWebhook(idOrName: string, url: string): Promise<SandboxWebhook & { webhook_secret: string }> {
    return this.call('POST', `accounts/${encodeURIComponent(idOrName)}/webhooks`, { url });
  }

  handshake(idOrName: string, webhook: string): Promise<SandboxWebhook> {
    return this.call('POST', `accounts/${encodeURIComponent(idOrName)}/webhooks/${webhook}/handshake`);
  }

  enableWebhook(idOrName: string, webhook: string, enabled: boolean): Promise<SandboxWebhook> {
    return this.call('PATCH', `accounts/${encodeURIComponent(idOrName)}/webhooks/${webhook}`, { enabled });
  }

  cases(query: { account?: string; email?: string; limit?: number } = {}): Promise<SandboxCase[]> {
    return this.call('GET', `cases${search(query)}`);
  }

  case(id: string): Promise<SandboxCase> {
    return this.call('GET', `cases/${id}`);
  }

  createPortalCase(options: {
    account: string;
    email_address: string;
    package?: string;
    created?: string;
    send_invite_email?: boolean;
  }): Promise<SandboxCase> {
    return this.call('POST', 'cases', options);
  }

  /** An illegal status change rejects with the stand-in's message. `set` allows every change. */
  act(caseId: string, action: string, body: { score?: string | null; status?: string } = {}): Promise<SandboxCase> {
    return this.call('POST', `cases/${caseId}/${action}`, body);
  }

  mailbox(query: { account?: string; email?: string } = {}): Promise<SandboxMail[]> {
    return this.call('GET', `mailbox${search(query)}`);
  }

  requests(query: { since?: number; account?: string } = {}): Promise<SandboxRequest[]> {
    return this.call('GET', `requests${search(query)}`);
  }

  clearRequests(): Promise<void> {
    return this.call('DELETE', 'requests');
  }

  ledger(query: { account?: string; email?: string } = {}): Promise<SandboxLedgerLine[]> {
    return this.call('GET', `ledger${search(query)}`);
  }

  deliveries(query: { account?: string; limit?: number } = {}): Promise<SandboxDelivery[]> {
    return this.call('GET', `deliveries${search(query)}`);
  }

  events(query: { account?: string } = {}): Promise<SandboxEvent[]> {
    return this.call('GET', `events${search(query)}`);
  }

  fault(options: SandboxFault): Promise<{ id: string }> {
    return this.call('POST', 'faults', options);
  }

  faults(): Promise<(SandboxFault & { id: string; hits: number })[]> {
    return this.call('GET', 'faults');
  }

  clearFaults(): Promise<void> {
    return this.call('DELETE', 'faults');
  }

  /** Where its links lead to, when callers reach it at another address than it listens on. */
  setAddress(url: string): Promise<void> {
    return this.call('PUT', 'address', { url });
  }

  reset(): Promise<void> {
    return this.call('POST', 'reset');
  }

  private async call<Result>(method: string, path: string, body?: unknown): Promise<Result> {
    const response = await fetch(`${this.urlOf()}/control/${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Sandbox: ${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Result;
  }
}

function search(query: Query): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) pairs.set(name, String(value));
  return pairs.size === 0 ? '' : `?${pairs.toString()}`;
}
