import { createHmac } from 'node:crypto';

export const webhookPath = '/certn/certnWebhookHandler';

/** A notice as Certn signs it: over exactly the bytes that are sent. */
export function signed(event: object | string, secret: string): { body: string; headers: Record<string, string> } {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const signature = createHmac('sha256', secret).update(body, 'utf8').digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-signature': signature } };
}
