import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type {
  AccountPart,
  CancellationPart,
  Capabilities,
  CasesPart,
  FeedPart,
  HandshakePart,
  ListPart,
  OrdersPart,
  ReportsPart,
  Vendor,
  WebhooksPart,
} from '../../src/contexts/integrations/gateway/domain/vendor.js';
import {
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
} from '../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import {
  handshake,
  readWebhook,
  sign,
  signatureIn,
  verify,
} from '../../src/contexts/integrations/vendors/certn/certn-webhook.js';
import { FakeAccount, isAsked, type ScriptedOrder, usualCapabilities } from './fake-account.js';

export { FakeAccount, type ScriptedOrder, usualCapabilities };

const pageSize = 100;
const eventsPageSize = 10;
const reportUrl = 'https://reports.example.org/';
const finished = ['complete', 'cancelled', 'expired', 'declined'];

const plentiful = { requestsPerMinute: 60, requestsPerDay: 7220, ordersPerDay: 1000 };

/**
 * A vendor in memory. It passes the same suite as the real ones. Its webhook events have the form and the signature of Certn's.
 * Only the network is faked.
 */
export class FakeVendor
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
  readonly path = '/fake/webhooks';
  /** By API key. */
  readonly accounts = new Map<string, FakeAccount>();
  /** Applied to the next orders, one each. */
  readonly nextOrders: ScriptedOrder[] = [];
  /** Thrown by the next calls other than orders, one each. */
  readonly nextFailures: VendorFailure[] = [];
  /** All order attempts, executed or not. */
  attempts = 0;
  private minted = 0;

  constructor(private readonly capabilities: Capabilities = usualCapabilities) {}

  /** This vendor as the service knows it. */
  asVendor(limits = plentiful): Vendor {
    const { capabilities: can } = this;
    return {
      id: 'fake',
      name: 'Fake',
      activity: { label: 'Fake check', displayName: 'Send Fake check' },
      capabilities: can,
      regions: [{ id: 'ca', label: 'Canada' }],
      environments: ['production', 'sandbox'],
      keyLifeDays: 365,
      limits,
      setupSteps: (webhookUrl) => [`Enter ${webhookUrl} at the vendor.`],
      account: this,
      orders: this,
      cases: this,
      webhooks: this,
      cancellation: can.cancellation ? this : null,
      list: can.listByTime ? this : null,
      feed: can.eventsFeed ? this : null,
      reports: can.reportDownload ? this : null,
      handshake: can.handshake ? this : null,
    };
  }

  addAccount(apiKey: string, account = new FakeAccount()): FakeAccount {
    this.accounts.set(apiKey, account);
    return account;
  }

  /** Adds a case, created by an order or by a user at the vendor. */
  addCase(account: FakeAccount, fields: Partial<VendorCase> = {}): VendorCase {
    const made: VendorCase = {
      id: `case-${++this.minted}`,
      shortId: `CS_${this.minted}`,
      state: 'ordered',
      result: null,
      vendorStatus: 'CASE_ORDERED',
      vendorScore: null,
      email: null,
      packageId: null,
      createdAt: new Date(),
      ...fields,
    };
    account.cases.push(made);
    return made;
  }

  /** Changes the status of a case and adds it to the events feed. Resolves to the webhook event. */
  moveCase(caseId: string, fields: Partial<VendorCase>): VendorWebhookEvent {
    for (const account of this.accounts.values()) {
      const found = account.cases.find(({ id }) => id === caseId);
      if (!found) continue;
      Object.assign(found, fields);
      const webhookEvent = { eventId: `event-${++this.minted}`, eventType: 'CASE_STATUS_CHANGED', caseId };
      account.events.push(webhookEvent);
      return webhookEvent;
    }
    throw new Error(`There is no case ${caseId}.`);
  }

  async tryCredentials(credentials: Credentials): Promise<void> {
    this.enter(credentials);
  }

  async listPackages(credentials: Credentials): Promise<VendorPackage[]> {
    return structuredClone(this.enter(credentials).packages);
  }

  async placeOrder(
    credentials: Credentials,
    order: OrderToPlace,
    _limits?: Parameters<OrdersPart['placeOrder']>[2],
  ): Promise<OrderOutcome> {
    this.attempts += 1;
    const account = this.accounts.get(credentials.apiKey);
    if (!account) return { kind: 'not_executed', reason: 'key_refused', message: 'The key was refused.' };
    const script = this.nextOrders.shift();
    if (script && !script.taken) return script.outcome;
    if (!account.packages.some(({ id, active }) => active && id === order.packageId)) {
      return { kind: 'refused', message: 'package: object does not exist.' };
    }
    const opened = this.knownCase(account, order) ?? this.openCase(account, order);
    return script?.outcome ?? { kind: 'placed', case: { ...opened } };
  }

  /** The case that an earlier attempt at the same order opened. */
  private knownCase(account: FakeAccount, { orderId }: OrderToPlace): VendorCase | null {
    const before = account.orders.find((order) => order.orderId === orderId);
    return before && this.capabilities.idempotentOrders ? this.caseOf(account, before.caseId) : null;
  }

  private openCase(account: FakeAccount, order: OrderToPlace): VendorCase {
    const { packageId, email } = order;
    const opened = this.addCase(account, { packageId, email });
    account.orders.push({ ...order, caseId: opened.id });
    return opened;
  }

  async findOrders(
    credentials: Credentials,
    search: OrderSearch,
    beforePage?: (page: number) => Promise<void>,
  ): Promise<VendorCase[]> {
    const account = this.known(credentials);
    const found = account.cases.filter((entry) => !account.lagging.has(entry.id) && isAsked(entry, search));
    for (let page = 1; page <= Math.max(1, Math.ceil(found.length / pageSize)); page++) {
      await beforePage?.(page);
      this.failIfScripted();
    }
    return structuredClone(found);
  }

  async readCase(credentials: Credentials, caseId: string): Promise<VendorCase> {
    return { ...this.caseOf(this.enter(credentials), caseId) };
  }

  async cancelCase(credentials: Credentials, caseId: string): Promise<CancelOutcome> {
    const found = this.caseOf(this.enter(credentials), caseId);
    if (finished.includes(found.state)) return { kind: 'refused', message: 'This case can no longer be cancelled.' };
    this.moveCase(caseId, { state: 'cancelled', vendorStatus: 'CANCELLED' });
    return { kind: 'accepted' };
  }

  async requestReport(credentials: Credentials, caseId: string): Promise<string> {
    return `report-of-${this.caseOf(this.enter(credentials), caseId).id}`;
  }

  async readReport(credentials: Credentials, reportId: string): Promise<ReportState> {
    const { reports } = this.enter(credentials);
    return reports === 'ready' ? { state: 'ready', url: `${reportUrl}${reportId}` } : { state: reports };
  }

  async openReport(url: string): Promise<{ stream: Readable; length: number | null }> {
    this.failIfScripted();
    if (!url.startsWith(reportUrl)) throw new VendorFailure('give_up', 'unusable', 'That address may not be opened.');
    const pdf = Buffer.from(`%PDF-1.7 ${url}`);
    return { stream: Readable.from([pdf]), length: pdf.length };
  }

  async readEvents(
    credentials: Credentials,
    afterEventId: string | null,
  ): Promise<{ webhookEvents: VendorWebhookEvent[]; more: boolean }> {
    const { events } = this.enter(credentials);
    const later = events.slice(events.findIndex(({ eventId }) => eventId === afterEventId) + 1);
    return { webhookEvents: later.slice(0, eventsPageSize), more: later.length > eventsPageSize };
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

  signWebhook(rawBody: Buffer, secret: string): string {
    return sign(rawBody, secret);
  }

  answerHandshake(challenge: string | string[] | undefined): string | null {
    return handshake(challenge);
  }

  secretFormOf(): null {
    return null;
  }

  whyKeyRejected(): string {
    return 'Fake rejected this API key.';
  }

  hostOf({ region, environment }: { region: string; environment: string }): string {
    return `https://${environment}.${region}.vendor.example.org`;
  }

  portalUrl(region: string): string {
    return `https://vendor.example.org/${region}`;
  }

  private enter(credentials: Credentials): FakeAccount {
    this.failIfScripted();
    return this.known(credentials);
  }

  private failIfScripted(): void {
    const failure = this.nextFailures.shift();
    if (failure) throw failure;
  }

  private known({ apiKey }: Credentials): FakeAccount {
    const account = this.accounts.get(apiKey);
    if (!account) throw new VendorFailure('fix', 'key_refused', 'The key was refused.');
    return account;
  }

  private caseOf(account: FakeAccount, caseId: string): VendorCase {
    const found = account.cases.find(({ id }) => id === caseId);
    if (!found) throw new VendorFailure('give_up', 'not_found', 'There is no such case.');
    return found;
  }
}
