import { Api, ask, UnexpectedAnswer } from './http.ts';

/** A new section of the specification. */
export function heading(text: string): void {
  console.log(`\n━━ ${text} ${'━'.repeat(Math.max(0, 90 - text.length))}`);
}

/** What a user would see or do besides the calls. */
export function note(text: string): void {
  console.log(`   · ${text}`);
}

/** A statement of the specification. The walkthrough ends when one is not true. */
export function expect(holds: boolean, statement: string): void {
  if (!holds) throw new Error(`This should hold and does not: ${statement}`);
  console.log(`   ✓ ${statement}`);
}

/** A signed-in user whose requests and answers are printed. Secrets are not printed. */
export class Teller {
  readonly base: string;
  readonly token: string;
  /** The same user without printing. */
  readonly quiet: Api;

  constructor(base: string, token: string) {
    this.base = base;
    this.token = token;
    this.quiet = new Api(base, token);
  }

  get<T>(path: string): Promise<T> {
    return this.tell<T>('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.tell<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.tell<T>('PUT', path, body);
  }

  /** Sends a request that must be refused with exactly this status. */
  async refused(status: number, method: string, path: string, body: unknown): Promise<void> {
    const answer = await this.say(method, path, body);
    if (answer.status !== status) throw new UnexpectedAnswer(method, path, answer.status, answer.body);
  }

  /** Fetches bytes. */
  async download(path: string): Promise<Buffer> {
    console.log(`→ GET ${path}`);
    const answer = await fetch(`${this.base}${path}`, { headers: { authorization: `Bearer ${this.token}` } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    console.log(`← ${answer.status} ${answer.headers.get('content-type')}, ${bytes.length} bytes`);
    if (!answer.ok) throw new UnexpectedAnswer('GET', path, answer.status, bytes.toString());
    return bytes;
  }

  private async tell<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.say<T>(method, path, body);
    if (answer.status >= 300) throw new UnexpectedAnswer(method, path, answer.status, answer.body);
    return answer.body;
  }

  private async say<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    console.log(`→ ${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body, hideSecrets)}`}`);
    const answer = await ask<T>(method, `${this.base}${path}`, body, this.token);
    console.log(`← ${answer.status} ${shortened(answer.body)}`);
    return answer;
  }
}

function hideSecrets(name: string, value: unknown): unknown {
  return ['api_key', 'webhook_secret_key'].includes(name) ? '…' : value;
}

function shortened(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text.length > 600 ? `${text.slice(0, 600)} … (${text.length} characters)` : text;
}
