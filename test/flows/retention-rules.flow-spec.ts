import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, type Person } from '../support/people.js';

let app: RunningApp;
let admin: Person;
beforeAll(async () => {
  app = await startApp();
  ({ admin } = await aTeam(app));
});
afterAll(() => app?.close());

interface Refusal {
  code: number;
  reason: string;
  errors: { json?: Record<string, string[]> };
}

describe.each(['/retention_rule', '/result_retention_rule'])('PUT %s', (rule) => {
  it.each<[string, unknown, string]>([
    ['no months', {}, 'months'],
    ['none', { months: 0 }, 'months'],
    ['too many', { months: 121 }, 'months'],
    ['half of one', { months: 1.5 }, 'months'],
    ['a word', { months: '6' }, 'months'],
    ['a list', { months: [6] }, 'months'],
    ['an unknown field besides', { months: 6, years: 1 }, 'years'],
    ['a list as body', [6], 'body'],
    ['nothing', undefined, 'months'],
    ['null', null, 'body'],
  ])('names the invalid field: %s', async (_what, body, field) => {
    const { status, body: refusal } = await admin.put<Refusal>(rule, body);
    expect([status, refusal.code, refusal.reason]).toEqual([422, 422, 'invalid_request']);
    expect(Object.keys(refusal.errors.json ?? {})).toEqual([field]);
    expect((await admin.get(rule)).body).toEqual({ months: null });
  });
});
