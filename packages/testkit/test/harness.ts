import { type Sandbox, type SandboxOptions, startSandbox } from '../src/app.ts';

export interface Reply<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

export interface TestAccount {
  id: string;
  name: string;
  api_key: string;
  webhook_secret: string;
  packages: { id: string; name: string }[];
  groups: { id: string }[];
  users: { id: string }[];
  tags: { id: string; name: string }[];
}

export interface CaseBody {
  id: string;
  overall_status: string;
  overall_score: string | null;
  email_address: string;
  created: string;
  invite_link?: string | null;
  [more: string]: unknown;
}

export interface ErrorBody {
  type: string;
  errors: { code: string; detail: string; attr: string | null }[];
}

/** A running stand-in and the helpers that the tests share. */
export class Harness {
  readonly sandbox: Sandbox;
  private named = 0;

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  static async start(options: SandboxOptions = {}): Promise<Harness> {
    return new Harness(await startSandbox({ port: 0, ...options }));
  }

  get url(): string {
    return this.sandbox.url;
  }

  stop(): Promise<void> {
    return this.sandbox.close();
  }

  /** A new account with no rate limit and no automatic delivery, unless the settings say otherwise. */
  async account(settings: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<TestAccount> {
    this.named += 1;
    const quiet = { enforce_rate_limit: false, auto_deliver_ms: null, ...settings };
    const made = await this.control<TestAccount>('POST', 'accounts', {
      name: `account ${this.named}`,
      settings: quiet,
      ...more,
    });
    return made.body;
  }

  settings(account: TestAccount, settings: Record<string, unknown>): Promise<Reply<TestAccount>> {
    return this.control('PATCH', `accounts/${account.id}`, { settings });
  }

  control<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Reply<Body>> {
    return request<Body>(`${this.url}/control/${path}`, method, body);
  }

  api<Body = Record<string, unknown>>(
    key: string | TestAccount,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<Body>> {
    const value = typeof key === 'string' ? key : key.api_key;
    const sent = { authorization: `Api-Key ${value}`, ...headers };
    return request<Body>(`${this.url}/api/public/${path}`, method, body, sent);
  }

  order(account: TestAccount, more: Record<string, unknown> = {}): Promise<Reply<CaseBody>> {
    const body = {
      package: account.packages[0]?.id,
      email_address: 'ada@example.org',
      send_invite_email: true,
      ...more,
    };
    return this.api<CaseBody>(account, 'POST', 'cases/order-package/', body);
  }

  async ordered(account: TestAccount, more: Record<string, unknown> = {}): Promise<CaseBody> {
    const reply = await this.order(account, more);
    if (reply.status !== 201) throw new Error(`The order was answered ${reply.status}: ${reply.text}`);
    return reply.body;
  }

  act(found: { id: string }, action: string, body?: unknown): Promise<Reply<CaseBody & { message?: string }>> {
    return this.control('POST', `cases/${found.id}/${action}`, body);
  }

  async acts(found: { id: string }, ...actions: string[]): Promise<void> {
    for (const action of actions) {
      const reply = await this.act(found, action);
      if (reply.status !== 200) throw new Error(`${action}: ${reply.text}`);
    }
  }

  async read(account: TestAccount, found: { id: string }): Promise<CaseBody> {
    return (await this.api<CaseBody>(account, 'GET', `cases/${found.id}/`)).body;
  }

  async ledger(account: TestAccount): Promise<{ case: string; email: string; request: string }[]> {
    const reply = await this.control<{ case: string; email: string; request: string }[]>(
      'GET',
      `ledger?account=${account.id}`,
    );
    return reply.body;
  }
}

/** A string body is sent as it is, anything else as JSON. */
export async function request<Body>(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply<Body>> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url, { method, body: text, headers: { ...type, ...headers }, redirect: 'manual' });
  const answer = await response.text();
  return { status: response.status, headers: response.headers, text: answer, body: parsed(answer) as Body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Waits for an outcome. Fails with what did not happen. */
export async function eventually<Value>(
  what: string,
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  withinMs = 10_000,
): Promise<Value> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`It did not happen within ${withinMs} ms: ${what}`);
}
