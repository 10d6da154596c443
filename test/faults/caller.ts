export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** Makes one request and returns any answer. Throws when there is none: refused, cut off, or timed out. */
export async function ask<T = Record<string, unknown>>(
  method: string,
  url: string,
  options: { body?: unknown; headers?: Record<string, string>; withinMs?: number } = {},
): Promise<Answer<T>> {
  const { body, headers = {}, withinMs = 30_000 } = options;
  const raw = typeof body === 'string';
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(withinMs),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('application/json') ?? false;
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
}

/** Repeats a request while there is no answer, the service is unavailable (503), or the team is too busy. */
export async function untilServed<T>(request: () => Promise<Answer<T>>, withinMs = 60_000): Promise<Answer<T>> {
  for (const end = Date.now() + withinMs; ;) {
    const answer = await request().catch(() => null);
    if (answer !== null && answer.status !== 503 && !isTeamBusy(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`The request was not served within ${withinMs} ms; last status: ${answer?.status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const isTeamBusy = ({ body }: Answer<unknown>): boolean =>
  (body as { reason?: unknown } | null)?.reason === 'team_busy';

/** A signed-in user. Paths are below `/ats/v0`. */
export class Caller {
  readonly id: string;
  readonly token: string;
  readonly base: string;

  static async signIn(base: string, userId: string): Promise<Caller> {
    const request = { body: { user_id: userId } };
    const answer = await untilServed(() => ask<{ access_token: string }>('POST', `${base}/dev/sign-in`, request));
    if (answer.status >= 300) throw new Error(`sign-in answered ${answer.status}`);
    return new Caller(base, userId, answer.body.access_token);
  }

  constructor(base: string, id: string, token: string) {
    this.base = base;
    this.id = id;
    this.token = token;
  }

  /** The same user at another base URL. */
  at(base: string): Caller {
    return new Caller(base, this.id, this.token);
  }

  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    withinMs?: number,
  ): Promise<Answer<T>> {
    const authorization = `Bearer ${this.token}`;
    return ask<T>(method, `${this.base}/ats/v0${path}`, { body, headers: { authorization, ...headers }, withinMs });
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.call<T>('GET', path);
  }

  post<T = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>> {
    return this.call<T>('POST', path, body, headers);
  }

  /** For preparation: repeats the request while the service cannot serve it. Throws on any other failure. */
  async must<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await untilServed(() => this.call<T>(method, path, body, headers, 120_000), 600_000);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
}
