import type { IncomingHttpHeaders } from 'node:http';
import type {
  AccountPart,
  CancellationPart,
  CasesPart,
  OrdersPart,
  WebhooksPart,
} from '../../../src/contexts/integrations/gateway/domain/vendor.js';
import {
  type CancelOutcome,
  type Credentials,
  type OrderOutcome,
  type OrderToPlace,
  type VendorCase,
  VendorFailure,
  type VendorPackage,
  type VendorWebhookEvent,
} from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { failuresWith, sentencesOf } from '../../../src/contexts/integrations/gateway/http/failures.js';
import {
  type Call,
  type Exchange,
  JsonReads,
  sendOrder,
} from '../../../src/contexts/integrations/gateway/http/json-calls.js';
import { record, safeId, sanitise, textOf } from '../../../src/contexts/integrations/gateway/http/untrusted.js';
import { readWebhook, signatureIn, verify } from './plainscreen-webhook.js';
import { resultOf, stateOf } from './plainscreen-words.js';

export const plainscreenName = 'Plainscreen';
const sentences = sentencesOf(plainscreenName);
const failure = failuresWith(sentences);
const mostPages = 100;

/** The API of Plainscreen, an invented vendor. It has bearer keys, cursors and problem texts, and keeps idempotency keys. */
export class PlainscreenApi implements AccountPart, OrdersPart, CasesPart, CancellationPart, WebhooksPart {
  readonly path = '/plainscreen/events';
  private readonly reads: JsonReads;
  private readonly host: string;

  constructor(host: string, readTimeoutMs = 15_000) {
    this.host = host;
    this.reads = new JsonReads(readTimeoutMs);
  }

  async tryCredentials(credentials: Credentials): Promise<void> {
    if (!record(await this.read(credentials, 'account'))) throw failure('retry', 'nonsense');
  }

  async listPackages(credentials: Credentials): Promise<VendorPackage[]> {
    const found: VendorPackage[] = [];
    let cursor = '';
    for (let page = 1; page <= mostPages; page++) {
      if (page > 1) await credentials.beforeExtraRequest?.();
      const body = record(await this.read(credentials, `products?after=${encodeURIComponent(cursor)}`));
      if (!Array.isArray(body?.products)) throw failure('retry', 'nonsense');
      found.push(...body.products.map(packageOf).filter((one) => one !== null));
      if (typeof body.next !== 'string') return found;
      cursor = body.next;
    }
    throw failure('retry', 'nonsense');
  }

  async placeOrder(
    credentials: Credentials,
    { orderId, packageId, email }: OrderToPlace,
    limits: { timeoutMs: number; isOver?: () => boolean },
  ): Promise<OrderOutcome> {
    const call = this.call(credentials, 'screenings', { product: packageId, person: { email } });
    const headers = { ...call.headers, 'Idempotency-Key': orderId };
    return outcomeOf(await sendOrder({ ...call, headers }, limits), credentials.apiKey);
  }

  async readCase(credentials: Credentials, caseId: string): Promise<VendorCase> {
    const found = caseOf(await this.read(credentials, `screenings/${known(caseId)}`));
    if (!found) throw failure('retry', 'nonsense');
    return found;
  }

  async cancelCase(credentials: Credentials, caseId: string): Promise<CancelOutcome> {
    try {
      await this.read(credentials, `screenings/${known(caseId)}/call-off`, {});
      return { kind: 'accepted' };
    } catch (error) {
      if (!(error instanceof VendorFailure) || error.reason !== 'refused') throw error;
      return { kind: 'refused', message: error.message };
    }
  }

  signatureIn(headers: IncomingHttpHeaders): string | null {
    return signatureIn(headers);
  }

  verifyWebhook(rawBody: Buffer, signature: string, secrets: string[]): boolean {
    return verify(rawBody, signature, secrets);
  }

  readWebhook(rawBody: Buffer): VendorWebhookEvent | null {
    return readWebhook(rawBody);
  }

  hostOf(): string {
    return this.host;
  }

  portalUrl(): string {
    return `${this.host}/desk`;
  }

  secretFormOf(): null {
    return null;
  }

  whyKeyRejected(): string {
    return `${plainscreenName} rejected this API key. It may have been revoked.`;
  }

  private async read({ apiKey, ...credentials }: Credentials, path: string, body?: object): Promise<unknown> {
    return answerOf(await this.reads.send(this.call({ apiKey, ...credentials }, path, body)), apiKey);
  }

  private call({ apiKey, beforeExtraRequest }: Credentials, path: string, body?: object): Call {
    const headers = { Authorization: `Bearer ${apiKey}` };
    return { url: `${this.host}/v2/${path}`, headers, body, beforeRepeat: beforeExtraRequest };
  }
}

function known(id: string): string {
  if (!safeId(id)) throw failure('give_up', 'not_found');
  return id;
}

/** A refusal of Plainscreen itself, not of a gateway in between, has a problem text. */
function problemOf(json: unknown, apiKey: string): string | null {
  const problem = record(json)?.problem;
  return typeof problem === 'string' ? sanitise(problem, apiKey) : null;
}

function outcomeOf(exchange: Exchange, apiKey: string): OrderOutcome {
  const { answer } = exchange;
  const unknown: OrderOutcome = { kind: 'outcome_unknown', message: sentences.outcome_unknown };
  if (!answer) {
    return exchange.sent ? unknown : { kind: 'not_sent', message: sentences.unreachable, retryAfterMs: null };
  }
  const { status, json, retryAfterMs } = answer;
  const opened = status === 200 || status === 201 ? caseOf(json) : null;
  if (opened) return { kind: 'placed', case: opened };
  if (status === 401) return { kind: 'not_executed', reason: 'key_refused', message: sentences.key_refused };
  if (status >= 300 && status < 400)
    return { kind: 'not_executed', reason: 'misdirected', message: sentences.misdirected };
  const problem = problemOf(json, apiKey);
  if (problem === null) return unknown;
  if (status === 429) return { kind: 'not_sent', message: sentences.throttled, retryAfterMs, reached: true };
  return status === 422 ? { kind: 'refused', message: problem } : unknown;
}

function answerOf(exchange: Exchange, apiKey: string): unknown {
  const { answer } = exchange;
  if (!answer) throw failure('retry', exchange.timedOut ? 'timeout' : 'unreachable');
  const { status, json, retryAfterMs } = answer;
  if (status < 300) return json;
  if (status < 400) throw failure('fix', 'misdirected');
  if (status === 401) throw failure('fix', 'key_refused');
  if (status === 404) throw failure('give_up', 'not_found');
  if (status === 429) throw failure('retry', 'throttled', retryAfterMs);
  if (status >= 500) throw failure('retry', 'server_error', retryAfterMs);
  throw new VendorFailure('give_up', 'refused', problemOf(json, apiKey) ?? sentences.refused);
}

function caseOf(body: unknown): VendorCase | null {
  const fields = record(body);
  const id = safeId(fields?.ref);
  if (!fields || !id) return null;
  const vendorStatus = textOf(fields.phase, 64) ?? 'unreadable';
  const vendorScore = textOf(fields.verdict, 64);
  return {
    id,
    shortId: null,
    state: stateOf(vendorStatus),
    result: resultOf(vendorScore),
    vendorStatus,
    vendorScore,
    email: textOf(record(fields.person)?.email, 320),
    packageId: safeId(fields.product),
    createdAt: typeof fields.opened_at === 'number' ? new Date(fields.opened_at * 1000) : null,
  };
}

function packageOf(item: unknown): VendorPackage | null {
  const fields = record(item);
  const id = safeId(fields?.code);
  return fields && id ? { id, name: textOf(fields.title, 200) ?? id, active: fields.retired !== true } : null;
}
