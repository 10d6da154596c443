import { randomBytes, randomUUID } from 'node:crypto';
import type { Account, Webhook } from './account.ts';
import { reasonOf } from './deliveries.ts';
import { badRequest } from './refusal.ts';

/** Registers a URL and sends it the challenge. The same URL again only repeats the challenge. */
export async function registerWebhook(account: Account, url: unknown): Promise<Webhook> {
  if (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw badRequest('"url" must be an http or https URL.');
  }
  const known = account.webhooks.find((entry) => entry.url === url);
  const webhook = known ?? { id: randomUUID(), url, enabled: false, last_handshake: null };
  if (!known) account.webhooks.push(webhook);
  await handshake(account, webhook);
  return webhook;
}

/** `GET <url>?challenge=<value>`; failing it disables delivery (docs/certn-api.md 5.1). */
export async function handshake(account: Account, webhook: Webhook): Promise<void> {
  const reason = await objectionTo(webhook.url, account.settings.handshake_timeout_ms);
  webhook.enabled = reason === null;
  webhook.last_handshake = { time: new Date().toISOString(), ok: reason === null, reason };
}

async function objectionTo(url: string, timeoutMs: number): Promise<string | null> {
  const challenge = randomBytes(24).toString('base64url');
  const asked = new URL(url);
  asked.searchParams.set('challenge', challenge);
  try {
    const response = await fetch(asked, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    return objectionToAnswer(response, await response.text(), challenge);
  } catch (error) {
    if ((Object(error) as { name?: unknown }).name === 'TimeoutError') return `No answer within ${timeoutMs / 1000} s.`;
    return `The URL could not be reached: ${reasonOf(error)}.`;
  }
}

function objectionToAnswer({ status, headers }: Response, body: string, challenge: string): string | null {
  if (status !== 200) return `Answered ${status} instead of 200.`;
  if (body !== challenge) return 'The body is not exactly the challenge.';
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'text/plain') return `Content-Type is ${type ?? 'missing'}, not text/plain.`;
  if (headers.get('x-content-type-options')?.toLowerCase() !== 'nosniff')
    return 'X-Content-Type-Options: nosniff is missing.';
  return null;
}
