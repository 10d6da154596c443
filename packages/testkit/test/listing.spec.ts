import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CaseBody, type ErrorBody, Harness, type TestAccount, eventually } from './harness.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

const idsIn = async (account: TestAccount, query: string): Promise<string[]> => {
  const reply = await harness.api<{ results: CaseBody[] }>(account, 'GET', `cases/?page_size=100&${query}`);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.body.results.map((found) => found.id);
};

describe('the list of cases [certn-api 2.3]', () => {
  it('filters by address, exactly unless the account ignores case', async () => {
    const account = await harness.account();
    const mine = await harness.ordered(account, { email_address: 'Ada@Example.org' });
    await harness.ordered(account, { email_address: 'bob@example.org' });
    expect(await idsIn(account, 'email_address=Ada%40Example.org')).toEqual([mine.id]);
    expect(await idsIn(account, 'email_address=ada%40example.org')).toEqual([]);
    await harness.settings(account, { email_filter: 'ignore_case' });
    expect(await idsIn(account, 'email_address=ada%40example.org')).toEqual([mine.id]);
  });

  it('repeated keys mean any of them, different keys all of them', async () => {
    const account = await harness.account();
    const [group, other] = account.groups;
    const first = await harness.ordered(account, { group: group?.id });
    const second = await harness.ordered(account, { group: other?.id });
    await harness.ordered(account);
    await harness.acts(second, 'deliver');
    expect(await idsIn(account, `group=${group?.id}&group=${other?.id}`)).toEqual([second.id, first.id]);
    expect(await idsIn(account, `group=${group?.id}&group=${other?.id}&overall_status=CASE_ORDERED`)).toEqual([
      first.id,
    ]);
    expect(await idsIn(account, 'overall_status=APPLICANT_INVITED&overall_status=COMPLETE')).toEqual([second.id]);
  });

  it('filters by check, tag and who ordered', async () => {
    const account = await harness.account();
    const [user] = account.users;
    const [tag] = account.tags;
    const found = await harness.ordered(account, {
      package: account.packages[2]?.id,
      ordered_by: user?.id,
      tag_ids: [tag?.id],
    });
    await harness.ordered(account);
    expect(await idsIn(account, 'check_type=CREDIT_REPORT_1')).toEqual([found.id]);
    expect(await idsIn(account, `ordered_by=${user?.id}`)).toEqual([found.id]);
    expect(await idsIn(account, `tag=${tag?.id}`)).toEqual([found.id]);
  });

  it('filters by the time of the order, and a portal-made case from the past takes its place', async () => {
    const account = await harness.account();
    const now = await harness.ordered(account);
    const past = await harness.control<CaseBody>('POST', 'cases', {
      account: account.id,
      email_address: 'old@example.org',
      created: '2026-01-02T03:04:05Z',
    });
    expect(past.status).toBe(201);
    expect(await idsIn(account, '')).toEqual([now.id, past.body.id]);
    expect(await idsIn(account, 'order_timeframe_before=2026-02-01T00:00:00Z')).toEqual([past.body.id]);
    expect(await idsIn(account, 'order_timeframe_after=2026-02-01')).toEqual([now.id]);
    expect(await harness.ledger(account)).toHaveLength(1);
  });

  it.each(['overall_status=DONE', 'group=x', 'order_timeframe_after=yesterday'])('%s is 400', async (query) => {
    const account = await harness.account();
    const reply = await harness.api<ErrorBody>(account, 'GET', `cases/?${query}`);
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toMatchObject([{ attr: query.split('=')[0] }]);
  });

  it('an item is a summary; the checks are there only where the account lists them', async () => {
    const account = await harness.account();
    await harness.ordered(account);
    const item = async () => (await harness.api<{ results: CaseBody[] }>(account, 'GET', 'cases/')).body.results[0];
    expect(await item()).not.toHaveProperty('checks');
    await harness.settings(account, { list_checks: true });
    expect(await item()).toHaveProperty('checks');
  });

  it('a lagging list hides a young case and its events, while GET by id finds it', async () => {
    const account = await harness.account({ list_lag_ms: 400 });
    const found = await harness.ordered(account);
    await harness.acts(found, 'deliver');
    const events = async () =>
      (await harness.api<{ results: unknown[] }>(account, 'GET', 'events/')).body.results.length;
    expect(await idsIn(account, '')).toEqual([]);
    expect(await events()).toBe(0);
    expect((await harness.read(account, found)).id).toBe(found.id);
    await eventually('the case appears', async () => (await idsIn(account, '')).includes(found.id));
    expect(Date.now() - Date.parse(found.created)).toBeGreaterThanOrEqual(400);
    expect(await events()).toBe(1);
  });
});

describe('one case [certn-api 2.4]', () => {
  it('of another account is a 404, and so is cancelling or reporting on it', async () => {
    const account = await harness.account();
    const stranger = await harness.account();
    const found = await harness.ordered(account);
    expect((await harness.api(stranger, 'GET', `cases/${found.id}/`)).status).toBe(404);
    expect((await harness.api(stranger, 'POST', `cases/${found.id}/cancel/`)).status).toBe(404);
    expect((await harness.api(stranger, 'POST', `cases/${found.id}/generate-report/`)).status).toBe(404);
    expect(await idsIn(stranger, '')).toEqual([]);
    expect((await harness.read(account, found)).overall_status).toBe('CASE_ORDERED');
  });

  it('5,000 cases do not make reading slow', async () => {
    const account = await harness.account();
    const making = Array.from({ length: 20 }, async (_, lane) => {
      for (let number = 0; number < 250; number += 1) {
        await harness.control('POST', 'cases', {
          account: account.id,
          email_address: `n${lane}-${number}@example.org`,
        });
      }
    });
    await Promise.all(making);
    const started = performance.now();
    for (let number = 0; number < 20; number += 1) {
      expect(await idsIn(account, `email_address=n3-${number}%40example.org`)).toHaveLength(1);
      await harness.api(account, 'GET', 'cases/?page=40&page_size=100');
    }
    expect((performance.now() - started) / 40).toBeLessThan(50);
  }, 60_000);
});
