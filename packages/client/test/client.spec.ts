import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, generatedRoutes } from '../scripts/generate-routes.ts';
import { routes } from '../src/generated/routes.ts';
import { AtsClient, NotFoundError, PermissionError, ServerError, ValidationError } from '../src/index.ts';
import { resources, unnamed } from '../src/resources.ts';
import { json, refused, ScriptedService } from './service.ts';

const folder = join(import.meta.dirname, '..');

describe('The client', () => {
  let service: ScriptedService;
  let client: AtsClient;
  beforeAll(async () => {
    service = await new ScriptedService().start();
    client = new AtsClient({ baseUrl: `${service.url}/`, token: 'a-token' });
  });
  afterAll(() => service.stop());

  it('has a name for every operation of the document, once: a new one gets its line in resources.ts', () => {
    const named = Object.values(resources).flatMap((verbs): string[] => Object.values(verbs));
    expect([...named, ...unnamed].sort()).toEqual(Object.keys(routes).sort());
  });

  it('is made from the present document: "npm run client" updates it', () => {
    const document = JSON.parse(readFileSync(join(folder, '../../openapi.json'), 'utf8')) as Document;
    expect(readFileSync(join(folder, 'src/generated/routes.ts'), 'utf8')).toBe(generatedRoutes(document));
  });

  it('sends what the path names, then the body, with the token', async () => {
    service.answersWith(json(200, {}));
    await client.applications.updateTask('a 1', 'i/1', { done: true });
    expect(service.received[0]).toMatchObject({
      method: 'PUT',
      url: '/ats/v0/applications/a%201/tasks/i%2F1',
      body: '{"done":true}',
      headers: { authorization: 'Bearer a-token', 'content-type': 'application/json' },
    });
  });

  it('sends an API key, or asks for the token at each request', async () => {
    service.answersWith(json(200, {}));
    await new AtsClient({ baseUrl: service.url, apiKey: 'ats_key' }).users.me();
    let asked = 0;
    const fresh = new AtsClient({ baseUrl: service.url, token: async () => `token-${(asked += 1)}` });
    await fresh.users.me();
    await fresh.users.me();
    expect(service.received.map(({ headers }) => headers['x-api-key'] ?? headers.authorization)).toEqual([
      'ats_key',
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('refuses a broken secret without repeating it, and never shows one', async () => {
    expect(() => new AtsClient({ baseUrl: service.url, apiKey: 'ats_secret\n' })).toThrow(
      'The API key is empty or has a space or a line break.',
    );
    await expect(new AtsClient({ baseUrl: service.url, token: '' }).users.me()).rejects.toThrow('The token is empty');
    expect(JSON.stringify(client) + String(Object.values(client))).not.toContain('a-token');
  });

  it('gives lines of an import as they are, and a report as bytes', async () => {
    service.answersWith(
      (response) => void response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end('{}\n'),
    );
    expect(await client.imports.run('{"type":"job"}\n')).toBe('{}\n');
    expect(service.received[0]).toMatchObject({
      body: '{"type":"job"}\n',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    service.answersWith((response) => void response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-'));
    expect(await (await client.backgroundChecks.downloadReport('c1')).text()).toBe('%PDF-');
  });

  it('reads a list page by page, and asks nobody else however the link leads', async () => {
    const page = (items: number[], link?: string) =>
      json(
        200,
        items.map((id) => ({ id })),
        { 'x-total-count': '5', ...(link === undefined ? {} : { link }) },
      );
    const pages = [
      page(
        [1, 2],
        '<https://elsewhere.example.org/ats/v0/jobs?search=a&cursor=x>; rel="next", <https://e.org/>; rel="last"',
      ),
      page([3, 4], '</ats/v0/jobs?search=a&cursor=y>; rel="next"'),
      page([5]),
    ];
    service.answersWith(...pages);
    const ids: unknown[] = [];
    for await (const job of client.jobs.list({ search: 'a' })) ids.push(job.id);
    expect(ids).toEqual([1, 2, 3, 4, 5]);
    expect(service.received.map(({ url }) => url)).toEqual([
      '/ats/v0/jobs?search=a&cursor=start',
      '/ats/v0/jobs?search=a&cursor=x',
      '/ats/v0/jobs?search=a&cursor=y',
    ]);
    service.answersWith(...pages);
    expect(await client.jobs.list().first()).toMatchObject({ total: 5, capped: false, next: '?search=a&cursor=x' });
    service.answersWith(page([5]));
    expect(await client.jobs.list({ page: 2 }).toArray()).toEqual([{ id: 5 }]);
    expect(service.received.map(({ url }) => url)).toEqual(['/ats/v0/jobs?page=2']);
  });

  it('throws errors by kind, with the reason, the fields and the id of the request', async () => {
    service.answersWith(
      json(
        422,
        { reason: 'invalid_request', message: 'No.', errors: { json: { name: ['Enter a name', 'x'] } } },
        { 'x-request-id': 'r1' },
      ),
      refused(404, 'not_found'),
      refused(403, 'not_allowed'),
      (response) => void response.writeHead(500).end('<html>'),
    );
    const errors: unknown[] = [];
    for (let i = 0; i < 4; i += 1) await client.users.me().catch((error: unknown) => errors.push(error));
    expect(errors.map((error) => (error as Error).constructor)).toEqual([
      ValidationError,
      NotFoundError,
      PermissionError,
      ServerError,
    ]);
    expect(errors[0]).toMatchObject({
      status: 422,
      requestId: 'r1',
      fields: { name: 'Enter a name' },
      name: 'ValidationError',
    });
    expect(errors[3]).toMatchObject({ status: 500, reason: 'unexpected_answer' });
  });
});
