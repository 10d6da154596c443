import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DocumentJudge, type ReceivedAnswer } from '../support/judge/document-judge.ts';

interface Described {
  responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>;
}

const file = join(import.meta.dirname, '..', '..', 'openapi.json');
const document = JSON.parse(readFileSync(file, 'utf8')) as {
  paths: Record<string, Record<string, Described>>;
  components: { responses: Record<string, { content?: Record<string, unknown> }> };
};
const id = '0199aaaa-0000-7000-8000-000000000000';
const headers = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': id };

/** Every answer in JSON that the document lists. */
const answers = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, { responses }]) =>
    Object.entries(responses)
      .map(([status, response]) => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, id),
        status: Number(status),
        content: document.components.responses[response.$ref?.split('/').at(-1) ?? '']?.content ?? response.content,
      }))
      .filter(({ content }) => content !== undefined && 'application/json' in content),
  ),
);

const aJob = {
  id,
  external_id: null,
  name: 'Nurse',
  requisition_id: null,
  status: 'open',
  confidential: false,
  capabilities: [],
  created_at: '2026-10-01T14:03:22.000Z',
  updated_at: '2026-10-01T14:03:22.000Z',
  deleted_at: null,
};

describe('The judge of answers', () => {
  let judge: DocumentJudge;
  beforeAll(async () => {
    judge = await DocumentJudge.of(document);
  });

  const refusal = { code: 404, status: 'Not Found', message: 'Not found.', errors: {}, reason: 'not_found' };
  const notFound: ReceivedAnswer = { method: 'GET', path: `/ats/v0/jobs/${id}`, status: 404, headers, body: refusal };

  it('knows many answers, and a schema of each: a wrong body is a violation of every one', () => {
    expect(answers.length).toBeGreaterThan(400);
    const passed = answers.filter(
      (answer) => judge.violations({ ...answer, headers, body: { wrong: 1 } }).length === 0,
    );
    expect(passed).toEqual([]);
  });

  it('lets an answer pass that is as described', () => {
    expect(judge.violations(notFound)).toEqual([]);
  });

  it.each<[what: string, change: Partial<ReceivedAnswer>]>([
    ['a status that is not listed', { status: 418 }],
    ['an operation that is not listed', { path: '/ats/v0/nowhere', status: 200 }],
    ['a method that is not listed', { method: 'DELETE', status: 204 }],
    ['a reason that is not listed', { body: { ...refusal, reason: 'no_idea' } }],
    ['another code than the status', { body: { ...refusal, code: 400 } }],
    ['a field too few', { body: { ...refusal, message: undefined } }],
    ['null where it is not allowed', { body: { ...refusal, message: null } }],
    ['a header that is not described', { headers: { ...headers, 'x-secret': '1' } }],
    ['a header too few', { headers: { 'content-type': headers['content-type'] } }],
    ['another content type', { headers: { ...headers, 'content-type': 'text/html' } }],
    ['a body where none is described', { method: 'DELETE', path: `/ats/v0/job_stages/${id}`, status: 204, body: {} }],
    ['a field that is not described', { status: 200, body: { ...aJob, secret: true } }],
    ['a time that is none', { status: 200, body: { ...aJob, created_at: 'yesterday' } }],
  ])('objects to %s', (_, change) => {
    expect(judge.violations({ ...notFound, ...change })).not.toEqual([]);
  });

  it('accepts the answer that the last two change', () => {
    expect(judge.violations({ ...notFound, status: 200, body: aJob })).toEqual([]);
  });
});
