import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type {
  AccountPart,
  CancellationPart,
  CasesPart,
  FeedPart,
  HandshakePart,
  ListPart,
  OrdersPart,
  ReportsPart,
  WebhooksPart,
} from '../../gateway/domain/vendor.js';
import {
  type AccountPlace,
  type CancelOutcome,
  type Credentials,
  type OrderOutcome,
  type OrderSearch,
  type OrderToPlace,
  VendorFailure,
  type ReportState,
  type VendorCase,
  type VendorWebhookEvent,
  type VendorPackage,
} from '../../gateway/domain/vendor-terms.js';
import { type Call, type Exchange, JsonReads, sendOrder } from '../../gateway/http/json-calls.js';
import { openReport } from '../../gateway/http/report-download.js';
import { safeId } from '../../gateway/http/untrusted.js';
import { caseOf, packageOf, reportIdOf, reportOf } from './certn-answers.js';
import { complainsAbout } from './certn-errors.js';
import { certnPortal, CertnHosts, whyKeyRejected } from './certn-places.js';
import { certnName, failure, nonsense, orderOutcome, takenAnswer } from './certn-outcomes.js';
import { pageOf, pages, pageSize } from './certn-pages.js';
import { handshake, webhookOf, readWebhook, secretFormOf, signatureIn, verify } from './certn-webhook.js';
import { statusesOf } from './certn-words.js';
import { casesOf, searchQuery } from './order-search.js';
import { certnReportHosts } from './report-hosts.js';

/** CertnCentric's API, as every part of the port (docs/certn-api.md). Its only state is open connections. */
export class CertnAdapter
  implements
    AccountPart,
    OrdersPart,
    CasesPart,
    CancellationPart,
    ListPart,
    FeedPart,
    ReportsPart,
    WebhooksPart,
    HandshakePart
{
  readonly path = '/certn/certnWebhookHandler';
  private readonly hosts: CertnHosts;
  private readonly reads: JsonReads;
  private readonly readTimeoutMs: number;
  private readonly reportHosts: readonly string[];

  constructor(options: { baseUrl?: string; readTimeoutMs?: number; reportHosts?: readonly string[] } = {}) {
    this.hosts = new CertnHosts(options.baseUrl);
    this.readTimeoutMs = options.readTimeoutMs ?? 15_000;
    this.reportHosts = options.reportHosts ?? [];
    this.reads = new JsonReads(this.readTimeoutMs);
  }

  async tryCredentials(credentials: Credentials): Promise<void> {
    const body = await this.get(credentials, 'cases/?page=1&page_size=1');
    if (!pageOf(body, 1)) throw nonsense();
  }

  async listPackages(credentials: Credentials): Promise<VendorPackage[]> {
    const packages = new Map<string, VendorPackage>();
    const list = pages(async (page) => {
      if (page > 1) await credentials.beforeExtraRequest?.();
      return this.get(credentials, `packages/?page=${page}&page_size=${pageSize}`);
    });
    for await (const { items } of list) {
      for (const found of items.map(packageOf)) if (found) packages.set(found.id, found);
    }
    return [...packages.values()];
  }

  /**
   * Certn knows no idempotency key, so the order's id stays here. Sets `send_invite_email` because its default on this path is
   * unknown (docs/certn-api.md 2.2).
   */
  async placeOrder(
    credentials: Credentials,
    order: OrderToPlace,
    limits: { timeoutMs: number; isOver?: () => boolean },
  ): Promise<OrderOutcome> {
    const body = { package: order.packageId, email_address: order.email, send_invite_email: true };
    try {
      const call = this.call(credentials, 'cases/order-package/', body);
      return orderOutcome(await sendOrder(call, limits), credentials.apiKey);
    } catch (error) {
      if (!(error instanceof VendorFailure) || error.reason !== 'key_refused') throw error;
      return { kind: 'not_executed', reason: error.reason, message: error.message };
    }
  }

  async findOrders(
    credentials: Credentials,
    search: OrderSearch,
    beforePage?: (page: number) => Promise<void>,
  ): Promise<VendorCase[]> {
    const filtered = (statuses: string[]) => {
      const list = pages(async (page) => {
        await beforePage?.(page);
        return this.get(credentials, `cases/?${searchQuery(search, statuses, page).toString()}`);
      });
      return casesOf(list, search);
    };
    const statuses = statusesOf(search.states ?? []);
    try {
      return await filtered(statuses);
    } catch (error) {
      // Some statuses are undocumented. If Certn refuses the filter, the whole list is read and filtered here.
      const refused = error instanceof VendorFailure && error.reason === 'refused';
      if (!refused || statuses.length === 0) throw error;
      return filtered([]);
    }
  }

  async readCase(credentials: Credentials, caseId: string): Promise<VendorCase> {
    const found = caseOf(await this.get(credentials, `cases/${known(caseId)}/`));
    if (!found) throw nonsense();
    return found;
  }

  async cancelCase(credentials: Credentials, caseId: string): Promise<CancelOutcome> {
    try {
      await this.post(credentials, `cases/${known(caseId)}/cancel/`, {});
      return { kind: 'accepted' };
    } catch (error) {
      if (error instanceof VendorFailure && error.reason === 'refused') {
        return { kind: 'refused', message: error.message };
      }
      throw error;
    }
  }

  requestReport(credentials: Credentials, caseId: string): Promise<string> {
    return this.asPermitted(credentials, () => this.askForReport(credentials, caseId));
  }

  private async askForReport(credentials: Credentials, caseId: string): Promise<string> {
    const path = `cases/${known(caseId)}/generate-report/`;
    const first = await this.reads.send(this.call(credentials, path, {}));
    // Sources disagree on whether the language is required (docs/certn-api.md 2.6).
    const body = complainsAbout(first.answer?.json, 'language')
      ? await this.post(credentials, path, { language: 'en-CA' })
      : taken(first, credentials);
    const reportId = reportIdOf(body);
    if (!reportId) throw nonsense();
    return reportId;
  }

  /** A key that works for other calls and is refused only for reports is valid: its account may not open reports. */
  private async asPermitted<T>(credentials: Credentials, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof VendorFailure) || error.reason !== 'key_refused') throw error;
      await credentials.beforeExtraRequest?.();
      await this.tryCredentials(credentials);
      throw failure('give_up', 'not_permitted');
    }
  }

  async readReport(credentials: Credentials, reportId: string): Promise<ReportState> {
    try {
      const path = `cases/report-files/${known(reportId)}/`;
      const state = reportOf(await this.asPermitted(credentials, () => this.get(credentials, path)));
      if (!state) throw nonsense();
      return state;
    } catch (error) {
      // Certn may answer 404 for a report that was requested a moment ago (docs/certn-api.md 7.12).
      if (error instanceof VendorFailure && error.reason === 'not_found') return { state: 'pending' };
      throw error;
    }
  }

  secretFormOf(text: string): 'api_key' | 'webhook_secret' | null {
    return secretFormOf(text);
  }

  async openReport(url: string): Promise<{ stream: Readable; length: number | null }> {
    const { override: trustedOrigin } = this.hosts;
    const hosts = certnReportHosts(this.reportHosts);
    return openReport(url, { vendor: certnName, trustedOrigin, hosts, timeoutMs: this.readTimeoutMs });
  }

  async readEvents(
    credentials: Credentials,
    afterEventId: string | null,
  ): Promise<{ webhookEvents: VendorWebhookEvent[]; more: boolean }> {
    const after = afterEventId === null ? '' : `&last_processed_event_id=${encodeURIComponent(afterEventId)}`;
    const page = pageOf(await this.get(credentials, `events/?page=1${after}`), 1);
    if (!page) throw nonsense();
    const webhookEvents = page.items.map(webhookOf).filter((webhookEvent) => webhookEvent !== null);
    // The next page continues after the last event, so without that event's id there is no next page.
    return { webhookEvents, more: page.next !== null && (webhookEvents.at(-1)?.eventId ?? null) !== null };
  }

  verifyWebhook(rawBody: Buffer, signature: string, secrets: string[]): boolean {
    return verify(rawBody, signature, secrets);
  }

  signatureIn(headers: IncomingHttpHeaders): string | null {
    return signatureIn(headers);
  }

  readWebhook(rawBody: Buffer): VendorWebhookEvent | null {
    return readWebhook(rawBody);
  }

  answerHandshake(challenge: string | string[] | undefined): string | null {
    return handshake(challenge);
  }

  hostOf(account: AccountPlace): string {
    return this.hosts.baseUrl(account);
  }

  portalUrl(region: string): string {
    return certnPortal(region);
  }

  whyKeyRejected(account: AccountPlace): string {
    return whyKeyRejected(account);
  }

  private async get(credentials: Credentials, path: string): Promise<unknown> {
    return taken(await this.reads.send(this.call(credentials, path)), credentials);
  }

  private async post(credentials: Credentials, path: string, body: object): Promise<unknown> {
    return taken(await this.reads.send(this.call(credentials, path, body)), credentials);
  }

  /** Refuses a key that cannot be sent in a header: the call could never reach Certn. */
  private call(credentials: Credentials, path: string, body?: object): Call {
    const { apiKey } = credentials;
    if (!/^[\x21-\x7e]+$/.test(apiKey)) throw failure('fix', 'key_refused');
    const url = `${this.hosts.baseUrl(credentials)}/api/public/${path}`;
    const headers = { Authorization: `Api-Key ${apiKey}` };
    return { url, headers, body, beforeRepeat: credentials.beforeExtraRequest };
  }
}

function taken(exchange: Exchange, { apiKey }: Credentials): unknown {
  return takenAnswer(exchange, apiKey).json;
}

/** Ids become part of a path. An id in a form that Certn does not use counts as not found, without a call. */
function known(id: string): string {
  if (!safeId(id)) throw failure('give_up', 'not_found');
  return id;
}
