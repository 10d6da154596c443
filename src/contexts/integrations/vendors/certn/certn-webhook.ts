import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { VendorWebhookEvent } from '../../gateway/domain/vendor-terms.js';
import { readJson, record, safeId } from '../../gateway/http/untrusted.js';

/** `X-Signature` is hex. One client of Certn reports base64 and the prefix, so both are accepted (docs/certn-api.md 5.3). */
const hexSignature = /^(?:sha256=)?([0-9a-f]{64})$/i;
const base64Signature = /^(?:sha256=)?([A-Za-z0-9+/]{43}=)$/;

const echoable = /^[A-Za-z0-9._~+/=-]{1,256}$/;
const eventTypeForm = /^[A-Za-z0-9_]{1,64}$/;

export function signatureIn({ 'x-signature': signature }: IncomingHttpHeaders): string | null {
  return typeof signature === 'string' && signatureBytes(signature) ? signature : null;
}

function signatureBytes(signature: string): Buffer | null {
  const hex = hexSignature.exec(signature)?.[1];
  if (hex) return Buffer.from(hex, 'hex');
  const base64 = base64Signature.exec(signature)?.[1];
  return base64 ? Buffer.from(base64, 'base64') : null;
}

function hmac(rawBody: Buffer, secret: string): Buffer {
  return createHmac('sha256', secret).update(rawBody).digest();
}

export function sign(rawBody: Buffer, secret: string): string {
  return hmac(rawBody, secret).toString('hex');
}

/** Tries every secret, so that the duration does not reveal which one matched. An empty secret never matches. */
export function verify(rawBody: Buffer, signature: string, secrets: string[]): boolean {
  const given = signatureBytes(signature);
  if (!given) return false;
  const fits = secrets.filter((secret) => secret !== '' && timingSafeEqual(hmac(rawBody, secret), given));
  return fits.length > 0;
}

/** Certn's handshake sends one value and expects it back unchanged (docs/certn-api.md 5.1). Null when it cannot be echoed. */
export function handshake(challenge: string | string[] | undefined): string | null {
  return typeof challenge === 'string' && echoable.test(challenge) ? challenge : null;
}

/** One event, from a webhook's body or the events feed. Only `object_id` is certain to be there (docs/certn-api.md 7.2). */
export function webhookOf(event: unknown): VendorWebhookEvent | null {
  const fields = record(event);
  if (!fields) return null;
  const objectId = safeId(fields.object_id);
  const named = typeof fields.event_type === 'string' && eventTypeForm.test(fields.event_type);
  if (!objectId && !named) return null;
  const aboutCase = fields.object_type === 'CASE' || fields.object_type === undefined || fields.object_type === null;
  return {
    eventId: safeId(fields.event_id) ?? safeId(fields.id),
    eventType: named ? String(fields.event_type) : 'unknown',
    caseId: aboutCase ? objectId : null,
  };
}

export function readWebhook(rawBody: Buffer): VendorWebhookEvent | null {
  return webhookOf(readJson(rawBody));
}

/** An API key is a short prefix, a dot and a longer part (docs/certn-api.md 1.2). A webhook secret has a telling prefix. */
const apiKeyForm = /^[A-Za-z0-9]{8}\.[\w-]{20,}$/;

export function secretFormOf(text: string): 'api_key' | 'webhook_secret' | null {
  if (text.startsWith('whsec_')) return 'webhook_secret';
  return apiKeyForm.test(text) ? 'api_key' : null;
}
