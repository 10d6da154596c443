import { AtsClient } from '../packages/client/src/index.ts';

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

/** A call that must be refused with this kind of error. */
export async function expectRefusal(
  kind: new (...args: never[]) => Error,
  call: Promise<unknown>,
  statement: string,
): Promise<void> {
  let refused = false;
  try {
    await call;
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    refused = true;
  }
  expect(refused, statement);
}

/** A signed-in user. Requests and answers are printed, secrets are not. */
export const tellingClient = (baseUrl: string, token: string): AtsClient =>
  new AtsClient({ baseUrl, token, fetch: tellingFetch });

async function tellingFetch(request: Request, init?: RequestInit): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const body = await request.clone().text();
  console.log(`→ ${request.method} ${pathname}${search} ${body === '' ? '' : withoutSecrets(body)}`.trimEnd());
  const response = await fetch(request, init);
  console.log(`← ${response.status} ${await told(response)}`);
  return response;
}

function withoutSecrets(json: string): string {
  const hide = (name: string, value: unknown): unknown =>
    ['api_key', 'webhook_secret_key'].includes(name) ? '…' : value;
  return JSON.stringify(JSON.parse(json, hide));
}

/** Streams do not end, and nobody reads a PDF here. */
async function told(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) return type;
  const text = await response.clone().text();
  return text.length > 600 ? `${text.slice(0, 600)} … (${text.length} characters)` : text;
}
