import type { HarnessTeam } from './harness-team.ts';
import { sign, webhookPath } from './signed-webhooks.ts';

export interface Answered {
  status: number;
  text: string;
  ms: number;
}

/** Sends exactly these bytes. `headers` may also override the content type. */
export async function postWebhook(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const begun = performance.now();
  const response = await fetch(new URL(webhookPath, url), {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - begun };
}

/**
 * Sends these bytes as Certn would, signed with the team's secret, and records them as authentic for the invariant checker. After an
 * answer 2xx the event must be stored, unless `owed` is false.
 */
export async function postSignedWebhook(
  team: HarnessTeam,
  body: string | Buffer,
  options: { to?: string; headers?: Record<string, string>; owed?: boolean; secret?: string } = {},
): Promise<Answered> {
  const { to = team.harness.front.url, headers = {}, owed = true, secret = team.account.webhook_secret } = options;
  const facts = namedIn(body);
  if (facts) team.harness.record.note('notifying', facts);
  const begun = new Date().toISOString();
  const answer = await postWebhook(to, body, { 'x-signature': sign(body, secret), ...headers });
  if (facts && owed && answer.status < 300) team.harness.record.note('notified', { ...facts, begun });
  return answer;
}

/** The ids of event and case in this body; null when it has no event id. */
function namedIn(body: string | Buffer): { event: string; case: string } | null {
  try {
    const event = JSON.parse(body.toString().replace(/^\uFEFF/, '')) as { id?: unknown; object_id?: unknown };
    return typeof event.id === 'string' ? { event: event.id, case: String(event.object_id) } : null;
  } catch {
    return null;
  }
}
