import { type Agent, request } from 'node:http';

const tickMs = 5;
/** Whoever waits longer was not served. */
const patienceMs = 15_000;

/** One measured request. Status 0: no answer came. */
export interface Measured {
  status: number;
  ms: number;
}

/** So many a second whether or not earlier ones were answered; each is timed from when it was sent. */
export async function steadily<T>(perSecond: number, forSeconds: number, one: (i: number) => Promise<T>): Promise<T[]> {
  const begun = performance.now();
  const asked: Promise<T>[] = [];
  while (asked.length < perSecond * forSeconds) {
    const due = Math.min(((performance.now() - begun) / 1_000) * perSecond, perSecond * forSeconds);
    while (asked.length < due) asked.push(one(asked.length));
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  return Promise.all(asked);
}

/** One request over a kept connection, its answer read and thrown away. */
export function measure(
  agent: Agent,
  url: string,
  { method = 'GET', body = '', headers = {} }: { method?: string; body?: string; headers?: Record<string, string> },
): Promise<Measured> {
  const begun = performance.now();
  const all = body === '' ? headers : { 'content-length': String(Buffer.byteLength(body)), ...headers };
  return new Promise((resolve) => {
    const done = (status: number): void => resolve({ status, ms: performance.now() - begun });
    const asking = request(url, { agent, method, headers: all }, (answer) => {
      answer.resume().once('end', () => done(answer.statusCode ?? 0));
      answer.once('error', () => done(0));
    });
    asking.setTimeout(patienceMs, () => asking.destroy(new Error('Nobody answered.')));
    asking.once('error', () => done(0));
    asking.end(body);
  });
}
