import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { inflateSync } from 'node:zlib';
import { type ErrorBody, Harness, type TestAccount, eventually, request } from './harness.ts';

interface FileBody {
  status: string;
  pdf_url: string | null;
}

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

const askReport = async (account: TestAccount, found: { id: string }): Promise<string> => {
  const reply = await harness.api<{ case_report_file_id: string }>(
    account,
    'POST',
    `cases/${found.id}/generate-report/`,
    {},
  );
  expect(reply.status).toBe(201);
  return reply.body.case_report_file_id;
};
const readFile = (account: TestAccount, id: string) =>
  harness.api<FileBody>(account, 'GET', `cases/report-files/${id}/`);
const finished = (account: TestAccount, id: string) =>
  eventually('the report is finished', async () => {
    const { body } = await readFile(account, id);
    return body.status !== 'PENDING' && body;
  });

describe('cancel [certn-api 2.5]', () => {
  it('is 204 without a body, with or without one sent', async () => {
    const account = await harness.account();
    for (const body of [undefined, {}]) {
      const found = await harness.ordered(account);
      const reply = await harness.api(account, 'POST', `cases/${found.id}/cancel/`, body);
      expect([reply.status, reply.text]).toEqual([204, '']);
      expect((await harness.read(account, found)).overall_status).toBe('CANCELLED');
    }
  });

  it.each([['cancel'], ['expire'], ['decline'], ['open', 'start', 'submit', 'complete']])(
    'a case closed by %s is 400',
    async (...actions) => {
      const account = await harness.account();
      const found = await harness.ordered(account);
      await harness.acts(found, ...actions);
      const reply = await harness.api<ErrorBody>(account, 'POST', `cases/${found.id}/cancel/`);
      expect(reply.status).toBe(400);
      expect(reply.body.type).toBe('validation_error');
    },
  );
});

describe('reports [certn-api 2.6]', () => {
  it('pending for a while, then complete with an address that needs no key', async () => {
    const account = await harness.account({ report_ms: 150 });
    const found = await harness.ordered(account);
    const id = await askReport(account, found);
    expect((await readFile(account, id)).body).toEqual({ status: 'PENDING', pdf_url: null });
    const { status, pdf_url } = await finished(account, id);
    expect(status).toBe('COMPLETE');
    const download = await fetch(pdf_url ?? '');
    expect(download.headers.get('content-type')).toBe('application/pdf');
    const bytes = Buffer.from(await download.arrayBuffer());
    const pdf = await PDFDocument.load(bytes);
    expect(pdf.getPageCount()).toBe(1);
    expect(pdf.getTitle()).toBe(`Background check report ${String(found.short_id)}`);
    expect(wordsOf(bytes)).toContain('not a real report');
    expect(wordsOf(bytes)).toContain(String(found.short_id));
  });

  it('CASE_REPORT_READY tells of the case', async () => {
    const account = await harness.account({ report_ms: 20, webhook_variant: 'wild' });
    const found = await harness.ordered(account);
    await askReport(account, found);
    const event = await eventually('the event is in the feed', async () => {
      const feed = await harness.api<{ results: Record<string, string>[] }>(account, 'GET', 'events/');
      return feed.body.results.find((entry) => entry.event_type === 'CASE_REPORT_READY');
    });
    expect(event).toMatchObject({ object_id: found.id, object_type: 'CASE' });
  });

  it('the address is refused when it has expired or was changed', async () => {
    const account = await harness.account({ report_ms: 0, report_url_ttl_ms: 60_000 });
    const id = await askReport(account, await harness.ordered(account));
    const { pdf_url } = await finished(account, id);
    const forged = new URL(pdf_url ?? '');
    forged.searchParams.set('expires', String(Date.now() + 9_999_999));
    expect((await request(forged.href, 'GET')).status).toBe(403);
    await harness.settings(account, { report_url_ttl_ms: 0 });
    const late = await finished(account, id);
    expect((await request(late.pdf_url ?? '', 'GET')).status).toBe(403);
    expect((await request(pdf_url ?? '', 'GET')).status).toBe(200);
  });

  it('FAILED on demand, without an address', async () => {
    const account = await harness.account({ report_ms: 0, report_outcome: 'FAILED' });
    const id = await askReport(account, await harness.ordered(account));
    expect(await finished(account, id)).toEqual({ status: 'FAILED', pdf_url: null });
  });

  it('may be 404 at first, and never exists for another account', async () => {
    const account = await harness.account({ report_ms: 0, report_absent_ms: 200 });
    const id = await askReport(account, await harness.ordered(account));
    expect((await readFile(account, id)).status).toBe(404);
    await eventually('the file appears', async () => (await readFile(account, id)).status === 200);
    expect((await readFile(await harness.account(), id)).status).toBe(404);
  });

  it('the guessed field names and a foreign address can be played', async () => {
    const evil = 'http://169.254.169.254/latest/meta-data';
    const account = await harness.account({ report_ms: 0, report_field_names: 'guessed', report_url_override: evil });
    const found = await harness.ordered(account);
    const reply = await harness.api<{ id: string }>(account, 'POST', `cases/${found.id}/generate-report/`);
    expect(Object.keys(reply.body)).toEqual(['id']);
    const file = await harness.api<{ url: string }>(account, 'GET', `cases/report-files/${reply.body.id}/`);
    expect(file.body).toEqual({ status: 'COMPLETE', url: evil });
  });
});

/** The text drawn on a page: its compressed streams, with the hex strings decoded. */
function wordsOf(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  const streams = [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body]) => {
    try {
      return inflateSync(Buffer.from(body ?? '', 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  const strings = [...streams.join('\n').matchAll(/<([0-9A-Fa-f]+)> Tj/g)];
  return strings.map(([, hex]) => Buffer.from(hex ?? '', 'hex').toString('latin1')).join('\n');
}
