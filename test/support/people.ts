import { createTeam } from '../../src/commands/team-create.js';
import type { RunningApp } from './app.js';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

type RequestHeaders = Record<string, string>;

export async function call<T>(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: RequestHeaders = {},
): Promise<Answer<T>> {
  const json = body !== undefined && typeof body !== 'string';
  const response = await fetch(new URL(path, url), {
    method,
    headers: { ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T, headers: response.headers };
}

/** A signed-in user. Paths are below `/ats/v0`. */
export class Person {
  constructor(
    readonly url: string,
    readonly id: string,
    readonly token: string,
  ) {}

  private ask<T>(method: string, path: string, body?: unknown, headers: RequestHeaders = {}): Promise<Answer<T>> {
    return call<T>(this.url, method, `/ats/v0${path}`, body, { ...this.credential, ...headers });
  }

  /** The headers that say who asks. */
  get credential(): RequestHeaders {
    return { authorization: `Bearer ${this.token}` };
  }

  get = <T = Record<string, unknown>>(path: string, headers?: RequestHeaders) =>
    this.ask<T>('GET', path, undefined, headers);
  post = <T = Record<string, unknown>>(path: string, body?: unknown, headers?: RequestHeaders) =>
    this.ask<T>('POST', path, body, headers);
  put = <T = Record<string, unknown>>(path: string, body?: unknown, headers?: RequestHeaders) =>
    this.ask<T>('PUT', path, body, headers);
  patch = <T = Record<string, unknown>>(path: string, body?: unknown, headers?: RequestHeaders) =>
    this.ask<T>('PATCH', path, body, headers);
  delete = <T = Record<string, unknown>>(path: string, headers?: RequestHeaders) =>
    this.ask<T>('DELETE', path, undefined, headers);
}

export async function signIn(url: string, userId: string): Promise<Person> {
  const answer = await call<{ access_token: string }>(url, 'POST', '/dev/sign-in', { user_id: userId });
  if (answer.status >= 300) throw new Error(`sign-in answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return new Person(url, userId, answer.body.access_token);
}

let teams = 0;

/** A new team with its admin, signed in. */
export async function aTeam(app: RunningApp, name = 'Acme'): Promise<{ teamId: string; admin: Person }> {
  teams += 1;
  const unique = `${Date.now().toString(36)}${teams}`;
  const { team_id, user_id } = await createTeam(app.databaseUrl, { name, adminEmail: `admin-${unique}@example.org` });
  return { teamId: team_id, admin: await signIn(app.url, user_id) };
}

/** A colleague of the admin's, signed in. */
export async function aColleague(
  admin: Person,
  level: 'restricted' | 'limited' | 'standard' | 'admin',
  more: Record<string, unknown> = {},
): Promise<Person> {
  teams += 1;
  const email = `${level}-${Date.now().toString(36)}${teams}@example.org`;
  const created = await admin.post<{ id: string }>('/users', {
    name: `A ${level}`,
    email,
    access_level: level,
    ...more,
  });
  if (created.status !== 201) throw new Error(`users answered ${created.status}: ${JSON.stringify(created.body)}`);
  return signIn(admin.url, created.body.id);
}
