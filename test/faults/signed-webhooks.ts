import { createHmac, randomUUID } from 'node:crypto';

export const webhookPath = '/certn/certnWebhookHandler';

/** Certn's signature: HMAC-SHA256 over exactly the bytes that are sent, in hex. */
export const sign = (body: string | Buffer, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** The body of a webhook event about a case; `more` overrides or adds fields. */
export const webhookOf = (caseId: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    id: randomUUID(),
    event_type: 'CASE_STATUS_CHANGED',
    object_id: caseId,
    object_type: 'CASE',
    ...more,
  });

/** A webhook event as Certn sends it. */
export function signed(event: object, secret: string): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify(event);
  return { body, headers: { 'content-type': 'application/json', 'x-signature': sign(body, secret) } };
}
