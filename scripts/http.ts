export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** An answer that a script cannot continue from. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(method: string, url: string, status: number, body: unknown) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    super(`${method} ${url} answered ${status}: ${text.slice(0, 400)}`);
    this.status = status;
  }
}

/** Sends one request and returns the answer, parsed if it is JSON. */
export async function ask<T>(method: string, url: string, body?: unknown, token?: string): Promise<Answer<T>> {
  const plain = typeof body === 'string';
  const type = plain ? 'application/x-ndjson' : 'application/json';
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? undefined : plain ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('application/json') ?? false;
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
}

/** A client with an address and an optional token. Throws on any answer but success. */
export class Api {
  readonly base: string;
  readonly token: string | undefined;

  constructor(base: string, token?: string) {
    this.base = base.replace(/\/$/, '');
    this.token = token;
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.call<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PATCH', path, body);
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await ask<T>(method, `${this.base}${path}`, body, this.token);
    if (answer.status >= 300) throw new UnexpectedAnswer(method, `${this.base}${path}`, answer.status, answer.body);
    return answer.body;
  }
}

/** Repeats `look` until it finds something. Throws with what it was waiting for. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, patience = 15_000): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Waited ${patience / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
