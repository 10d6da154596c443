import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DocumentJudge } from './document-judge.ts';

const file = join(import.meta.dirname, '..', '..', '..', 'openapi.json');

/** One for all suites of a worker: it compiles a schema when the first answer needs it. */
let judge: Promise<DocumentJudge> | undefined;
const theJudge = (): Promise<DocumentJudge> =>
  (judge ??= DocumentJudge.of(JSON.parse(readFileSync(file, 'utf8')) as object));

type Fetch = typeof fetch;

/**
 * `fetch` for tests. It throws when an answer of one of `services` (origins) is not as openapi.json describes it. API_VIOLATIONS
 * names a file that collects the violations instead.
 */
export const judgedFetch =
  (original: Fetch, services: ReadonlySet<string>): Fetch =>
  async (input, init) => {
    const response = await original(input, init);
    const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input);
    if (!services.has(url.origin)) return response;
    const method = init?.method ?? (typeof input === 'object' && 'method' in input ? input.method : 'GET');
    const headers = Object.fromEntries(response.headers);
    const body = method === 'HEAD' ? undefined : await bodyOf(response);
    const answer = { method, path: url.pathname, status: response.status, headers, body };
    const violations = (await theJudge()).violations(answer);
    if (violations.length > 0) object(`${method} ${url.pathname} → ${response.status}`, violations, body);
    return response;
  };

/** Streams and reports are left to the test. */
async function bodyOf(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type');
  if (type && /^application\/(problem\+)?json/.test(type)) return JSON.parse(await response.clone().text()) as unknown;
  return type === null ? undefined : '';
}

function object(answer: string, violations: string[], body: unknown): void {
  const collected = process.env['API_VIOLATIONS'];
  const shown = JSON.stringify(body)?.slice(0, 500);
  if (collected === undefined) throw new Error([`Not as documented: ${answer}`, ...violations, shown].join('\n'));
  appendFileSync(collected, `${JSON.stringify({ answer, violations, shown })}\n`);
}
