import { createHmac, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { webhookPath } from './signed-webhooks.ts';
import type { HarnessTeam } from './harness-team.ts';

/** Certn's door as somebody outside reaches it: with good notices, bad ones, and bytes that are no request at all. */
export const sign = (body: string | Buffer, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** What Certn would say about a case, with whatever else the test puts into it. */
export const webhookOf = (caseId: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    id: randomUUID(),
    event_type: 'CASE_STATUS_CHANGED',
    object_id: caseId,
    object_type: 'CASE',
    ...more,
  });

export interface Answered {
  status: number;
  text: string;
  ms: number;
}

/** These very bytes; the headers are the test's to choose, the content type too. */
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
 * Hands these bytes over as Certn would, signed with a secret of the team's, and notes it: what is answered 2xx must then be
 * stored (unless it is not `owed`), and nobody may wonder where it came from.
 */
export async function handOver(
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

function namedIn(body: string | Buffer): { event: string; case: string } | null {
  try {
    const event = JSON.parse(body.toString().replace(/^\uFEFF/, '')) as { id?: unknown; object_id?: unknown };
    return typeof event.id === 'string' ? { event: event.id, case: String(event.object_id) } : null;
  } catch {
    return null;
  }
}

export interface Heard {
  /** Everything that came back, byte by byte. */
  text: string;
  /** Of the first answer; null when the connection ended without one. */
  status: number | null;
  /** Until the other side ended the connection, or the patience was over. */
  ms: number;
  closed: boolean;
}

/** Says these bytes, or does with the socket what `say` does, and listens until the other side ends the connection. */
export function onTheWire(
  url: string,
  say: string | Buffer | ((socket: Socket) => void),
  patienceMs = 5_000,
): Promise<Heard> {
  const { hostname, port } = new URL(url);
  const begun = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const end = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({ text, status: status ? Number(status) : null, ms: performance.now() - begun, closed });
    };
    const timer = setTimeout(() => end(false), patienceMs);
    socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.once('close', () => end(true));
    socket.once('connect', () => (typeof say === 'function' ? say(socket) : socket.write(say)));
  });
}

/** A request's first lines: these headers, and what HTTP demands. */
export const head = (lines: string[], method = 'POST', target = webhookPath): string =>
  [`${method} ${target} HTTP/1.1`, 'Host: door.example.org', ...lines, '', ''].join('\r\n');
