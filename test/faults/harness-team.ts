import { randomUUID } from 'node:crypto';
import type { Sandbox } from '../support/sandbox.ts';
import type { SandboxAccount } from '../support/sandbox.ts';
import type { ActionRecord } from './action-record.ts';
import { type Answer, ask, Caller, untilServed } from './caller.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { signed, webhookPath } from './signed-webhooks.ts';

/** A candidate to whom a check can be sent. */
export interface Applicant {
  applicationId: string;
  email: string;
}

export interface SentCheck {
  id: string;
  status: string;
  vendor: { case_id: string | null; status: string | null };
  failure: { reason: string; message: string; candidates?: string[] } | null;
  result: string | null;
}

/** No log line, error or job may contain these. */
export const canaryName = 'Zebedee';
export const canaryDomain = 'canary.example';

/** What a team uses of the harness. */
export interface TeamHarness {
  readonly record: ActionRecord;
  readonly certn: Sandbox;
  readonly front: FaultProxy;
  createTeam(): { team_id: string; user_id: string };
  until<T>(what: string, poll: () => Promise<T>, accept: (value: T) => boolean, withinMs?: number): Promise<T>;
  rows<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  noteError(answer: { status: number; body: unknown }): void;
}

/** A connected team with its own account at the stand-in. Its webhook points at the harness's front proxy. */
export class HarnessTeam {
  readonly harness: TeamHarness;
  readonly teamId: string;
  readonly admin: Caller;
  readonly account: SandboxAccount;
  readonly webhook: string;
  itemId = '';
  private people = 0;

  static async create(harness: TeamHarness, settings: Record<string, unknown> = {}): Promise<HarnessTeam> {
    const name = `Team ${randomUUID().slice(0, 8)}`;
    const { team_id, user_id } = harness.createTeam();
    const admin = await Caller.signIn(harness.front.url, user_id);
    const account = await harness.certn.control.createAccount({
      name,
      packages: [{ name: 'Basic' }, { name: 'Criminal and credit' }],
      settings: { enforce_rate_limit: false, webhook_retry_base_ms: 250, ...settings },
    });
    const secrets = { api_key: account.api_key, webhook_secret_key: account.webhook_secret };
    await admin.must('PUT', '/integrations/certn', secrets);
    const { id: webhook } = await harness.certn.control.registerWebhook(
      account.id,
      `${harness.front.url}${webhookPath}`,
    );
    const team = new HarnessTeam(harness, team_id, admin, account, webhook);
    await team.plan();
    return team;
  }

  private constructor(harness: TeamHarness, teamId: string, admin: Caller, account: SandboxAccount, webhook: string) {
    this.harness = harness;
    this.teamId = teamId;
    this.admin = admin;
    this.account = account;
    this.webhook = webhook;
  }

  /** Candidates with one application each, created through the import. */
  async applicants(count: number): Promise<Applicant[]> {
    const made: Applicant[] = [];
    while (made.length < count) made.push(...(await this.importSome(Math.min(50, count - made.length))));
    return made;
  }

  async applicant(): Promise<Applicant> {
    const [one] = await this.applicants(1);
    if (!one) throw new Error('The import answered nothing.');
    return one;
  }

  /** Requests a check once. An answer 201 is recorded, and the invariant checker then expects the check. */
  async send(to: Applicant, headers: Record<string, string> = {}, as: Caller = this.admin): Promise<Answer<SentCheck>> {
    const body = { job_stage_item_id: this.itemId };
    const answer = await as.post<SentCheck>(`/applications/${to.applicationId}/background_checks`, body, headers);
    if (answer.status === 201) {
      const facts = { check: answer.body.id, application: to.applicationId, email: to.email };
      this.harness.record.note('sent', facts);
    } else this.harness.noteError(answer);
    return answer;
  }

  /** Repeats the request with one idempotency key until the answer is 201, as a careful client does. */
  async sendSurely(to: Applicant, withinMs = 120_000): Promise<string> {
    const key = { 'idempotency-key': randomUUID() };
    const end = Date.now() + withinMs;
    for (;;) {
      const answer = await this.send(to, key).catch(() => null);
      if (answer?.status === 201) return answer.body.id;
      const mayRepeat = answer === null || answer.status >= 500 || answer.status === 429 || isStillRunning(answer);
      if (!mayRepeat || Date.now() > end) throw new Error(`sending answered ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** In tests with the last release either release answers. Up to 0.6 the field `vendor` is `certn`. */
  async check(id: string): Promise<SentCheck> {
    type Answered = SentCheck & { certn?: SentCheck['vendor'] };
    const { vendor, certn, ...check } = await this.admin.must<Answered>('GET', `/background_checks/${id}`);
    return { ...check, vendor: vendor ?? certn };
  }

  reaches(id: string, status: string, withinMs = 60_000): Promise<SentCheck> {
    return this.harness.until(
      `check ${id} is ${status}`,
      () => this.check(id),
      (check) => check.status === status,
      withinMs,
    );
  }

  /** A check whose candidate was invited. */
  async invited(): Promise<{ id: string; caseId: string; applicant: Applicant }> {
    const applicant = await this.applicant();
    const id = await this.sendSurely(applicant);
    const { vendor } = await this.reaches(id, 'invited');
    return { id, caseId: vendor.case_id ?? '', applicant };
  }

  /** Sends a webhook event as Certn does. An answer 2xx is recorded, and the event must then be stored. */
  async notify(
    caseId: string,
    options: { eventId?: string; forged?: boolean; to?: string; withinMs?: number } = {},
  ): Promise<Answer<string>> {
    const { eventId = randomUUID(), forged = false, to = this.harness.front.url, withinMs = 10_000 } = options;
    const event = { id: eventId, event_type: 'CASE_STATUS_CHANGED', object_id: caseId, object_type: 'CASE' };
    const { body, headers } = signed(event, forged ? 'not the secret' : this.account.webhook_secret);
    if (forged) this.harness.record.note('forged', { event: eventId, case: caseId });
    else this.harness.record.note('notifying', { event: eventId, case: caseId });
    const begun = new Date().toISOString();
    const answer = await ask<string>('POST', `${to}${webhookPath}`, { body, headers, withinMs });
    if (!forged && answer.status < 300) this.harness.record.note('notified', { event: eventId, case: caseId, begun });
    return answer;
  }

  /** Sends it again until the answer is not 503, as Certn does. */
  async notifySurely(caseId: string, options: { eventId?: string; to?: string } = {}): Promise<Answer<string>> {
    const { eventId = randomUUID() } = options;
    return untilServed(() => this.notify(caseId, { ...options, eventId }));
  }

  /** The order requests of this account that arrived at Certn. */
  async orderPosts(): Promise<{ status: number | null; connection: number; nth_on_connection: number }[]> {
    const requests = await this.harness.certn.control.requests({ account: this.account.id });
    return requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/order-package/'));
  }

  /** A fault at Certn, for this account. */
  fault(kind: string, more: Record<string, unknown> = {}, route = 'order-package'): Promise<{ id: string }> {
    this.harness.record.note('fault', { kind, route, ...more });
    return this.harness.certn.control.fault({ account: this.account.id, route, kind, times: 1, ...more });
  }

  private async plan(): Promise<void> {
    const job = { type: 'job', external_id: 'job', name: 'Nurse', status: 'open', stages: [{ name: 'Screen' }] };
    const [imported] = await this.import([job]);
    const stage = { name: 'Background check' };
    const { id } = await this.admin.must<{ id: string }>('POST', `/jobs/${imported?.id}/stages`, stage);
    // As the release that answers calls it: up to 0.6 its type names the vendor.
    const types = await this.admin.must<{ type: string; vendor?: string; label: string }[]>('GET', '/activity_types');
    const kind = types.find(({ label }) => label === 'Certn background check');
    const item = { type: kind?.type, vendor: kind?.vendor, package_id: this.account.packages[0]?.id };
    this.itemId = (await this.admin.must<{ id: string }>('POST', `/job_stages/${id}/items`, item)).id;
  }

  private async importSome(count: number): Promise<Applicant[]> {
    const people = Array.from({ length: count }, () => `p${(this.people += 1)}`);
    const emailOf = (person: string): string => `${person}.${this.teamId.slice(-8)}@${canaryDomain}`;
    const lines = people.flatMap((person) => [
      {
        type: 'candidate',
        external_id: person,
        first_name: canaryName,
        last_name: person,
        email_addresses: [{ value: emailOf(person), is_primary: true }],
      },
      { type: 'application', external_id: `a-${person}`, candidate: person, job: 'job', status: 'active' },
    ]);
    const ids = await this.import(lines);
    return people.map((person, i) => ({ applicationId: ids[2 * i + 1]?.id ?? '', email: emailOf(person) }));
  }

  private async import(lines: object[]): Promise<{ status: string; id: string }[]> {
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    const answer = await this.admin.must<string>('POST', '/imports', text, { 'content-type': 'application/x-ndjson' });
    const results = answer
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { status: string; id: string });
    const failed = results.find(({ status }) => status === 'failed');
    if (failed) throw new Error(`An import line was answered ${JSON.stringify(failed)}`);
    return results;
  }
}

const isStillRunning = ({ status, body }: Answer<SentCheck>): boolean =>
  status === 409 && (body as unknown as { reason?: string }).reason === 'idempotency_in_progress';
