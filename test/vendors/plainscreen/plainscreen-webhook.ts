import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { VendorWebhookEvent } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { readJson, record, safeId } from '../../../src/contexts/integrations/gateway/http/untrusted.js';

const timeForm = /^\d{10}$/;
const signatureForm = /^v1=([0-9a-f]{64})$/;
/** Both headers as one text. */
const joinedForm = /^(\d{10})\.([0-9a-f]{64})$/;
const topicForm = /^[a-z_.]{1,64}$/;

const hmac = (time: string, rawBody: Buffer, secret: string): Buffer =>
  createHmac('sha256', secret).update(`${time}.`).update(rawBody).digest();

/** The signature covers the time of sending and the body. */
export function signed(rawBody: Buffer, secret: string, time = '1767225600'): IncomingHttpHeaders {
  return { 'plainscreen-time': time, 'plainscreen-signature': `v1=${hmac(time, rawBody, secret).toString('hex')}` };
}

export function signatureIn(headers: IncomingHttpHeaders): string | null {
  const { 'plainscreen-time': time, 'plainscreen-signature': signature } = headers;
  const hex = typeof signature === 'string' ? signatureForm.exec(signature)?.[1] : undefined;
  return typeof time === 'string' && timeForm.test(time) && hex ? `${time}.${hex}` : null;
}

export function verify(rawBody: Buffer, signature: string, secrets: string[]): boolean {
  const [, time = '', hex = ''] = joinedForm.exec(signature) ?? [];
  if (time === '') return false;
  const given = Buffer.from(hex, 'hex');
  return secrets.filter((secret) => secret !== '' && timingSafeEqual(hmac(time, rawBody, secret), given)).length > 0;
}

export function readWebhook(rawBody: Buffer): VendorWebhookEvent | null {
  const fields = record(readJson(rawBody));
  if (typeof fields?.topic !== 'string' || !topicForm.test(fields.topic)) return null;
  const aboutCase = fields.topic.startsWith('screening.');
  const caseId = aboutCase ? safeId(fields.screening) : null;
  return { eventId: safeId(fields.message), eventType: fields.topic, caseId };
}
