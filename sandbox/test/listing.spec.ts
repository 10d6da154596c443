import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CaseBody, type ErrorBody, Rig, type TestAccount, eventually } from './harness.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(() => rig.stop());

const idsIn = async (account: TestAccount, query: string): Promise<string[]> => {
  const reply = await rig.api<{ results: CaseBody[] }>(account, 'GET', `cases/?page_size=100&${query}`);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.body.results.map((found) => found.id);
};

describe('certn-api 2.3: the list of cases', () => {
  it('filters by address, exactly unless the account ignores case', async () => {
    const account = await rig.account();
    const mine = await rig.ordered(account, { email_address: 'Ada@Example.org' });
    await rig.ordered(account, { email_address: 'bob@example.org' });
    expect(await idsIn(account, 'email_address=Ada%40Example.org')).toEqual([mine.id]);
    expect(await idsIn(account, 'email_address=ada%40example.org')).toEqual([]);
    await rig.settings(account, { email_filter: 'ignore_case' });
    expect(await idsIn(account, 'email_address=ada%40example.org')).toEqual([mine.id]);
  });

  it('repeated keys mean any of them, different keys all of them', async () => {
    const account = await rig.account();
    const [group, other] = account.groups;
    const first = await rig.ordered(account, { group: group?.id });
    const second = await rig.ordered(account, { group: other?.id });
    await rig.ordered(account);
    await rig.acts(second, 'deliver');
    expect(await idsIn(account, `group=${group?.id}&group=${other?.id}`)).toEqual([second.id, first.id]);
    expect(await idsIn(account, `group=${group?.id}&group=${other?.id}&overall_status=CASE_ORDERED`)).toEqual([
      first.id,
    ]);
    expect(await idsIn(account, 'overall_status=APPLICANT_INVITED&overall_status=COMPLETE')).toEqual([second.id]);
  });

  it('filters by check, tag and who ordered', async () => {
    const account = await rig.account();
    const [user] = account.users;
    const [tag] = account.tags;
    const found = await rig.ordered(account, {
      package: account.packages[2]?.id,
      ordered_by: user?.id,
      tag_ids: [tag?.id],
    });
    await rig.ordered(account);
    expect(await idsIn(account, 'check_type=CREDIT_REPORT_1')).toEqual([found.id]);
    expect(await idsIn(account, `ordered_by=${user?.id}`)).toEqual([found.id]);
    expect(await idsIn(account, `tag=${tag?.id}`)).toEqual([found.id]);
  });

  it('filters by the time of the order, and a portal-made case from the past takes its place', async () => {
    const account = await rig.account();
    const now = await rig.ordered(account);
    const past = await rig.control<CaseBody>('POST', 'cases', {
      account: account.id,
      email_address: 'old@example.org',
      created: '2026-01-02T03:04:05Z',
    });
    expect(past.status).toBe(201);
    expect(await idsIn(account, '')).toEqual([now.id, past.body.id]);
    expect(await idsIn(account, 'order_timeframe_before=2026-02-01T00:00:00Z')).toEqual([past.body.id]);
    expect(await idsIn(account, 'order_timeframe_after=2026-02-01')).toEqual([now.id]);
    expect(await rig.ledger(account)).toHaveLength(1);
  });

  it.each(['overall_status=DONE', 'group=x', 'order_timeframe_after=yesterday'])('%s is 400', async (query) => {
    const account = await rig.account();
    const reply = await rig.api<ErrorBody>(account, 'GET', `cases/?${query}`);
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toMatchObject([{ attr: query.split('=')[0] }]);
  });

  it('an item is a summary; the checks are there only where the account lists them', async () => {
    const account = await rig.account();
    await rig.ordered(account);
    const item = async () => (await rig.api<{ results: CaseBody[] }>(account, 'GET', 'cases/')).body.results[0];
    expect(await item()).not.toHaveProperty('checks');
    await rig.settings(account, { list_checks: true });
    expect(await item()).toHaveProperty('checks');
  });

  it('a lagging list hides a young case and its events, while GET by id finds it', async () => {
    const account = await rig.account({ list_lag_ms: 400 });
    const found = await rig.ordered(account);
    await rig.acts(found, 'deliver');
    const events = async () => (await rig.api<{ results: unknown[] }>(account, 'GET', 'events/')).body.results.length;
    expect(await idsIn(account, '')).toEqual([]);
    expect(await events()).toBe(0);
    expect((await rig.read(account, found)).id).toBe(found.id);
    await eventually('the case appears', async () => (await idsIn(account, '')).includes(found.id));
    expect(Date.now() - Date.parse(found.created)).toBeGreaterThanOrEqual(400);
    expect(await events()).toBe(1);
  });
});

describe('certn-api 2.4: one case', () => {
  it('of another account is a 404, and so is cancelling or reporting on it', async () => {
    const account = await rig.account();
    const stranger = await rig.account();
    const found = await rig.ordered(account);
    expect((await rig.api(stranger, 'GET', `cases/${found.id}/`)).status).toBe(404);
    expect((await rig.api(stranger, 'POST', `cases/${found.id}/cancel/`)).status).toBe(404);
    expect((await rig.api(stranger, 'POST', `cases/${found.id}/generate-report/`)).status).toBe(404);
    expect(await idsIn(stranger, '')).toEqual([]);
    expect((await rig.read(account, found)).overall_status).toBe('CASE_ORDERED');
  });

  it('5,000 cases do not make reading slow', async () => {
    const account = await rig.account();
    const making = Array.from({ length: 20 }, async (_, lane) => {
      for (let number = 0; number < 250; number += 1) {
        await rig.control('POST', 'cases', { account: account.id, email_address: `n${lane}-${number}@example.org` });
      }
    });
    await Promise.all(making);
    const started = performance.now();
    for (let number = 0; number < 20; number += 1) {
      expect(await idsIn(account, `email_address=n3-${number}%40example.org`)).toHaveLength(1);
      await rig.api(account, 'GET', 'cases/?page=40&page_size=100');
    }
    expect((performance.now() - started) / 40).toBeLessThan(50);
  }, 60_000);
});
