import { Webhook } from 'standardwebhooks';

/** An event that the service sends to a webhook endpoint. */
export interface WebhookEvent {
  /** Kinds may be added: answer 2xx to those that you do not know. */
  type: string;
  /** When it happened, in ISO 8601. */
  timestamp: string;
  /** What it is about. The same event may arrive twice, and older revisions of a thing after newer ones. */
  data: { id: string; revision?: number } & Record<string, unknown>;
}

/** The request was not signed with this secret, or too long ago. Answer it with 401 and look at nothing in it. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
}

type IncomingHeaders = Headers | Record<string, string | string[] | undefined>;

/**
 * The event in a request, when it comes from the service (Standard Webhooks): signed with one of the secrets, within five minutes.
 * Throws a `WebhookVerificationError` otherwise.
 *
 * @param body the bytes as they came. JSON that was read and written again has another signature.
 * @param secrets `whsec_…`, as the service showed it once; several while you change to a new one.
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: IncomingHeaders,
  secrets: string | readonly string[],
): WebhookEvent {
  const given = {
    'webhook-id': header(headers, 'webhook-id'),
    'webhook-timestamp': header(headers, 'webhook-timestamp'),
    'webhook-signature': header(headers, 'webhook-signature'),
  };
  const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  let refusal: unknown = new Error('no secret was given');
  for (const secret of [secrets].flat()) {
    const webhook = new Webhook(secret);
    try {
      return webhook.verify(text, given) as WebhookEvent;
    } catch (error) {
      refusal = error;
    }
  }
  throw new WebhookVerificationError(refusal instanceof Error ? refusal.message : String(refusal));
}

/** A header that is missing or repeated is empty, and refused. */
function header(headers: IncomingHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? '';
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : '';
}
