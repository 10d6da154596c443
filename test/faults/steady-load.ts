import { type Agent, request } from 'node:http';

const tickMs = 5;
/** A request without an answer after this time counts as failed. */
const timeoutMs = 15_000;

/** One measured request. Status 0: no answer came. */
export interface Measured {
  status: number;
  ms: number;
}

/** Makes `perSecond` requests a second, whether or not earlier ones are answered. */
export async function steadily<T>(perSecond: number, forSeconds: number, one: (i: number) => Promise<T>): Promise<T[]> {
  const begun = performance.now();
  const requests: Promise<T>[] = [];
  while (requests.length < perSecond * forSeconds) {
    const due = Math.min(((performance.now() - begun) / 1_000) * perSecond, perSecond * forSeconds);
    while (requests.length < due) requests.push(one(requests.length));
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  return Promise.all(requests);
}

/** Times one request over a kept connection, from its sending to the end of its answer. */
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
    asking.setTimeout(timeoutMs, () => asking.destroy(new Error('There was no answer in time.')));
    asking.once('error', () => done(0));
    asking.end(body);
  });
}
