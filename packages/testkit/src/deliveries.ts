import { createHmac, randomInt, randomUUID } from 'node:crypto';
import type { Account, Webhook } from './account.ts';
import { type CertnEvent, eventBody } from './events.ts';
import type { Timers } from './timers.ts';

/** One attempt to hand an event over, or the decision not to. */
export interface Delivery {
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
  duration_ms: number;
  body: string;
}

interface Parcel {
  account: Account;
  webhook: Webhook;
  event: CertnEvent;
  body: string;
  attempt: number;
  firstTried: number;
}

const kept = 20_000;
const atOnce = 64;

/** Sends events to the registered URLs, with every way in which a delivery can go wrong (docs/certn-api.md 5.2-5.4). */
export class Deliveries {
  private readonly timers: Timers;
  private readonly log: Delivery[] = [];
  private readonly waiting: Parcel[] = [];
  private readonly held = new Map<string, Parcel[]>();
  private readonly paused = new Map<string, Parcel[]>();
  private readonly counters = new Map<string, number>();
  private running = 0;

  constructor(timers: Timers) {
    this.timers = timers;
  }

  get attempts(): readonly Delivery[] {
    return this.log;
  }

  dispatch(account: Account, event: CertnEvent): void {
    const body = JSON.stringify(eventBody(account, event));
    for (const webhook of account.webhooks.filter((entry) => entry.enabled)) {
      const parcel = { account, webhook, event, body, attempt: 1, firstTried: 0 };
      if (this.isLost(account)) this.record(parcel, { outcome: 'dropped' }, 0);
      else this.afterReordering(parcel);
    }
  }

  /** Call this after an account's settings changed: events that a pause held back are sent in order. */
  resume(account: Account): void {
    if (account.settings.webhook_paused) return;
    const parcels = this.paused.get(account.id) ?? [];
    this.paused.delete(account.id);
    parcels.forEach((parcel) => this.enqueue(parcel));
  }

  clear(): void {
    this.log.length = 0;
    this.waiting.length = 0;
    for (const index of [this.held, this.paused, this.counters]) index.clear();
  }

  private isLost(account: Account): boolean {
    const { settings } = account;
    if (settings.webhook_drop_next > 0) {
      settings.webhook_drop_next -= 1;
      return true;
    }
    const count = (this.counters.get(account.id) ?? 0) + 1;
    this.counters.set(account.id, count);
    return settings.webhook_drop_every > 0 && count % settings.webhook_drop_every === 0;
  }

  private afterReordering(parcel: Parcel): void {
    const { webhook_reorder, webhook_reorder_hold, webhook_reorder_wait_ms } = parcel.account.settings;
    if (webhook_reorder === 'none') return this.afterDelay(parcel);
    const held = this.held.get(parcel.webhook.id) ?? [];
    this.held.set(parcel.webhook.id, held);
    held.push(parcel);
    if (held.length >= webhook_reorder_hold) this.release(parcel.webhook.id);
    else if (held.length === 1) this.timers.after(webhook_reorder_wait_ms, () => this.release(parcel.webhook.id));
  }

  private release(webhook: string): void {
    const held = this.held.get(webhook) ?? [];
    this.held.delete(webhook);
    if (held[0]?.account.settings.webhook_reorder === 'random') shuffle(held);
    else held.reverse();
    held.forEach((parcel) => this.afterDelay(parcel));
  }

  private afterDelay(parcel: Parcel): void {
    const { webhook_delay_ms, webhook_duplicates } = parcel.account.settings;
    for (let copy = 0; copy <= webhook_duplicates; copy += 1) {
      if (webhook_delay_ms === 0) this.enqueue({ ...parcel });
      else this.timers.after(webhook_delay_ms, () => this.enqueue({ ...parcel }));
    }
  }

  private enqueue(parcel: Parcel): void {
    const { account } = parcel;
    if (account.settings.webhook_paused) {
      this.paused.set(account.id, [...(this.paused.get(account.id) ?? []), parcel]);
      return;
    }
    this.waiting.push(parcel);
    this.pump();
  }

  private pump(): void {
    while (this.running < atOnce) {
      const parcel = this.waiting.shift();
      if (!parcel) return;
      this.running += 1;
      void this.attempt(parcel).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async attempt(parcel: Parcel): Promise<void> {
    const started = Date.now();
    parcel.firstTried ||= started;
    const answer = await post(parcel);
    const delivered = answer.status !== null && answer.status >= 200 && answer.status < 300;
    const gap = nextGap(parcel, Date.now());
    const outcome = delivered ? 'delivered' : gap === undefined ? 'given_up' : 'failed';
    this.record(parcel, { ...answer, outcome }, Date.now() - started);
    if (outcome === 'failed' && gap !== undefined) {
      this.timers.after(gap, () => this.enqueue({ ...parcel, attempt: parcel.attempt + 1 }));
    }
  }

  private record(parcel: Parcel, facts: Pick<Delivery, 'outcome'> & Partial<Delivery>, ms: number): void {
    this.log.push({
      id: randomUUID(),
      time: new Date().toISOString(),
      account: parcel.account.id,
      webhook: parcel.webhook.id,
      url: parcel.webhook.url,
      event: parcel.event.id,
      event_type: parcel.event.event_type,
      case: parcel.event.case,
      attempt: parcel.attempt,
      status: null,
      error: null,
      duration_ms: ms,
      body: parcel.body,
      ...facts,
    });
    if (this.log.length > kept) this.log.splice(0, kept / 10);
  }
}

async function post({ account, webhook, body }: Parcel): Promise<Pick<Delivery, 'status' | 'error'>> {
  try {
    const response = await fetch(webhook.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signature': signatureOf(account, body) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(account.settings.webhook_timeout_ms),
    });
    await response.arrayBuffer();
    return { status: response.status, error: null };
  } catch (error) {
    return { status: null, error: reasonOf(error) };
  }
}

/** Lower-case hex HMAC-SHA256 over exactly the bytes sent (docs/certn-api.md 5.3). */
function signatureOf(account: Account, body: string): string {
  const secret = account.settings.webhook_wrong_signature ? `not ${account.webhook_secret}` : account.webhook_secret;
  return createHmac('sha256', secret).update(body, 'utf8').digest('hex');
}

/** Doubling gaps for about two hours (docs/certn-api.md 5.4); undefined once that is over. */
function nextGap(parcel: Parcel, now: number): number | undefined {
  const { webhook_retry_base_ms, webhook_retry_window_ms } = parcel.account.settings;
  const gap = webhook_retry_base_ms * 2 ** (parcel.attempt - 1);
  return now + gap - parcel.firstTried > webhook_retry_window_ms ? undefined : gap;
}

/** Why a delivery failed, including the network's error. */
export function reasonOf(error: unknown): string {
  const { message, cause } = Object(error) as { message?: unknown; cause?: { message?: unknown } };
  const words = [message, cause?.message].filter((part) => typeof part === 'string' && part !== '');
  return words.join(': ') || 'unknown error';
}

function shuffle(list: unknown[]): void {
  for (let index = list.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [list[index], list[other]] = [list[other], list[index]];
  }
}
