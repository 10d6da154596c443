import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { FreshConnection } from '#platform/outbound/fresh-connection';
import { readJson } from './untrusted.js';

export interface Call {
  url: string;
  /** Headers of this vendor, such as the one with the key. They never become part of an error. */
  headers: Readonly<Record<string, string>>;
  body?: object;
  /** Called before each repetition. When it throws, the call is not repeated. */
  beforeRepeat?: () => Promise<void>;
}

/** The vendor's answer. `json` is undefined when the body is not JSON. */
export interface Answer {
  status: number;
  json: unknown;
  text: string;
  retryAfterMs: number | null;
}

/** `sent: false` means proof that no byte of the request left this machine. */
export type Exchange = { answer: Answer } | { answer: null; timedOut: boolean; sent: boolean };

const largestAnswer = 10 * 1024 * 1024;
const longestPauseMs = 24 * 60 * 60 * 1000;
/** Pauses before the second and the third try of a read. */
const backOffMs = [150, 450];

/**
 * No redirects, because the key must not reach another host. No proxy, because its answers would pass for the vendor's.
 */
const client = axios.create({
  maxRedirects: 0,
  proxy: false,
  maxContentLength: largestAnswer,
  responseType: 'text',
  transformResponse: (data: unknown) => data,
  validateStatus: () => true,
});

interface Agents {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
}

async function exchange(call: Call, { httpAgent, httpsAgent }: Agents, signal: AbortSignal): Promise<Answer | null> {
  try {
    const { status, data, headers } = await client.request<unknown>({
      url: call.url,
      method: call.body ? 'POST' : 'GET',
      headers: {
        ...call.headers,
        Accept: 'application/json',
        ...(call.body && { 'Content-Type': 'application/json' }),
      },
      data: call.body && JSON.stringify(call.body),
      httpAgent,
      httpsAgent,
      signal,
    });
    const text = typeof data === 'string' ? data : '';
    return {
      status,
      text,
      json: readJson(text),
      retryAfterMs: retryAfterMs(headers['retry-after'], timeAt(headers['date'])),
    };
  } catch {
    // The error contains the key and the request, so it is dropped. The signal and the connection tell what happened.
    return null;
  }
}

/** The vendor's time, which its dates relate to. Our time when the answer has none. */
const timeAt = (date: unknown): number => (typeof date === 'string' && Date.parse(date)) || Date.now();

/** `Retry-After` is a number of seconds or a date. Null when it is missing or unreadable. */
export function retryAfterMs(header: unknown, now = Date.now()): number | null {
  if (typeof header !== 'string' || header.trim() === '') return null;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestPauseMs);
}

/** All calls except orders, over connections that are kept open. Only GETs are repeated. */
export class JsonReads {
  private readonly agents: Agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
  };

  constructor(private readonly timeoutMs: number) {}

  /** All tries together end within the time limit. */
  async send(call: Call): Promise<Exchange> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    const tries = call.body ? 1 : 1 + backOffMs.length;
    for (let attempt = 1; ; attempt++) {
      const answer = await exchange(call, this.agents, signal);
      if (attempt === tries || signal.aborted || !isWorthRepeating(answer)) {
        return answer ? { answer } : { answer, timedOut: signal.aborted, sent: true };
      }
      await pause(backOffMs[attempt - 1], undefined, { signal }).catch(() => undefined);
      if (!(await mayRepeat(call))) return answer ? { answer } : { answer, timedOut: false, sent: true };
    }
  }
}

async function mayRepeat({ beforeRepeat }: Call): Promise<boolean> {
  try {
    await beforeRepeat?.();
    return true;
  } catch {
    // No further call is allowed, so the last answer counts.
    return false;
  }
}

/** An answer with `Retry-After` is not repeated here. Its pause is too long for this loop, so the caller keeps it. */
function isWorthRepeating(answer: Answer | null): boolean {
  return answer === null || (answer.status >= 500 && answer.retryAfterMs === null);
}

/**
 * Sends a paid order: one request on a connection of its own, never repeated here. Only a fresh connection can prove that
 * nothing was sent.
 */
export async function sendOrder(
  call: Call,
  { timeoutMs, isOver }: { timeoutMs: number; isOver?: () => boolean },
): Promise<Exchange> {
  const connection = new FreshConnection({ isOver });
  const signal = AbortSignal.timeout(Math.max(0, timeoutMs));
  try {
    const answer = await exchange(call, connection, signal);
    return answer ? { answer } : { answer, timedOut: signal.aborted, sent: connection.handedOver };
  } finally {
    connection.close();
  }
}
