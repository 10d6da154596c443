import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CaseBody, type ErrorBody, Harness, type TestAccount, request } from './harness.ts';

let harness: Harness;
let account: TestAccount;

beforeAll(async () => {
  harness = await Harness.start();
  account = await harness.account();
});
afterAll(() => harness.stop());

const orderRaw = (body: unknown, by = account) => harness.api<ErrorBody>(by, 'POST', 'cases/order-package/', body);
const unknownId = '3a9d6c54-0f0b-4d65-8f53-2f5a5d0a9b10';

describe('ordering a package [certn-api 2.2]', () => {
  it('a package and an address are enough: 201 with the case in CASE_ORDERED', async () => {
    const mine = await harness.account();
    const reply = await harness.api<CaseBody>(mine, 'POST', 'cases/order-package/', {
      package: mine.packages[1]?.id,
      email_address: 'ada@example.org',
    });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      short_id: expect.stringMatching(/^CS_CA_[0-9A-Z]{12}$/),
      email_address: 'ada@example.org',
      overall_status: 'CASE_ORDERED',
      overall_score: null,
      check_types_with_arguments: { IDENTITY_VERIFICATION_1: {}, CRIMINAL_RECORD_REPORT_1: {} },
    });
    expect(new Date(reply.body.created).toISOString()).toBe(reply.body.created);
    expect(await harness.ledger(mine)).toMatchObject([
      { case: reply.body.id, email: 'ada@example.org', package: mine.packages[1]?.id, account: mine.id },
    ]);
  });

  it('invite_link only when asked for, and it opens the candidate page', async () => {
    expect(await harness.ordered(account)).not.toHaveProperty('invite_link');
    const asked = await harness.ordered(account, { send_invite_email: false, return_invite_link: true });
    expect(asked.invite_link).toMatch(/^http/);
    expect((await request(asked.invite_link ?? '', 'GET')).status).toBe(200);
  });

  it('a package field is on a case only where the account says so', async () => {
    expect(await harness.ordered(account)).not.toHaveProperty('package');
    const showing = await harness.account({ show_package: true });
    expect(await harness.ordered(showing)).toHaveProperty('package', showing.packages[0]?.id);
  });

  it('a missing e-mail and an unknown package are two entries of one validation error [certn-api 1.5]', async () => {
    const reply = await orderRaw({ package: unknownId });
    expect(reply.status).toBe(400);
    expect(reply.body.type).toBe('validation_error');
    expect(reply.body.errors).toEqual([
      { code: 'does_not_exist', detail: expect.any(String), attr: 'package' },
      { code: 'required', detail: 'This field is required.', attr: 'email_address' },
    ]);
  });

  it.each([
    ['an address that is none', { email_address: 'ada' }, 'email_address', 'invalid'],
    ['a blank address', { email_address: ' ' }, 'email_address', 'blank'],
    ['a null address', { email_address: null }, 'email_address', 'null'],
    ['a number as address', { email_address: 5 }, 'email_address', 'invalid'],
    ['a package that is no uuid', { package: 'basic' }, 'package', 'invalid'],
    ['no package', { package: undefined }, 'package', 'required'],
    ['a word as flag', { send_invite_email: 'maybe' }, 'send_invite_email', 'invalid'],
    ['an unknown group', { group: unknownId }, 'group', 'does_not_exist'],
    ['an unknown person', { ordered_by: unknownId }, 'ordered_by', 'does_not_exist'],
    ['an unknown tag', { tag_ids: [unknownId] }, 'tag_ids', 'does_not_exist'],
    ['tags that are no list', { tag_ids: 'x' }, 'tag_ids', 'invalid'],
    ['claims that are no object', { input_claims: 'x' }, 'input_claims', 'invalid'],
  ])('%s is refused and orders nothing', async (_what, wrong, attr, code) => {
    const mine = await harness.account();
    const reply = await orderRaw({ package: mine.packages[0]?.id, email_address: 'ada@example.org', ...wrong }, mine);
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toEqual([{ code, detail: expect.any(String), attr }]);
    expect(await harness.ledger(mine)).toEqual([]);
  });

  it('the package of another account does not exist', async () => {
    const other = await harness.account();
    const reply = await orderRaw({ package: other.packages[0]?.id, email_address: 'ada@example.org' });
    expect(reply.body.errors).toMatchObject([{ code: 'does_not_exist', attr: 'package' }]);
  });

  it('neither mail nor link is a quickscreen, refused without claims', async () => {
    const silent = { package: account.packages[0]?.id, email_address: 'q@example.org', send_invite_email: false };
    const refused = await orderRaw(silent);
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([{ attr: 'input_claims', code: 'required' }]);
    expect((await orderRaw({ ...silent, input_claims: { name: { given_name: 'Q' } } })).status).toBe(201);
  });

  it('unknown fields are ignored, unless the account is strict', async () => {
    expect((await harness.order(account, { first_name: 'Ada' })).status).toBe(201);
    const strict = await harness.account({ strict_fields: true });
    const refused = await orderRaw(
      { package: strict.packages[0]?.id, email_address: 'a@b.co', first_name: 'Ada' },
      strict,
    );
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([{ attr: 'first_name' }]);
  });

  it('an optional field can be one that is refused [certn-api 7, 9]', async () => {
    const picky = await harness.account({ refused_fields: ['group'] });
    const refused = await orderRaw(
      { package: picky.packages[0]?.id, email_address: 'a@b.co', group: picky.groups[0]?.id },
      picky,
    );
    expect(refused.body.errors).toMatchObject([{ attr: 'group' }]);
    expect((await harness.order(picky)).status).toBe(201);
  });

  it('an account with several groups may insist on one', async () => {
    const grouped = await harness.account({ require_group: true });
    expect((await harness.order(grouped)).status).toBe(400);
    expect((await harness.order(grouped, { group: grouped.groups[1]?.id })).status).toBe(201);
  });
});

describe('ordering single checks [certn-api 2.1]', () => {
  it('the checks named are the checks of the case', async () => {
    const reply = await harness.api<CaseBody>(account, 'POST', 'cases/order/', {
      email_address: 'ada@example.org',
      check_types_with_arguments: { CREDIT_REPORT_1: {} },
      send_invite_email: true,
    });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({ checks: [{ type: 'CREDIT_REPORT_1' }] });
  });

  it('without checks it is refused', async () => {
    const reply = await harness.api<ErrorBody>(account, 'POST', 'cases/order/', { email_address: 'ada@example.org' });
    expect(reply.body.errors).toMatchObject([{ code: 'required', attr: 'check_types_with_arguments' }]);
  });
});
