import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness, type TestAccount, eventually } from './harness.ts';

interface Mail {
  kind: string;
  to: string;
  link: string | null;
  subject: string;
}

let harness: Harness;
let account: TestAccount;

beforeAll(async () => {
  harness = await Harness.start();
  account = await harness.account();
});
afterAll(() => harness.stop());

const mailsTo = async (email: string) =>
  (await harness.control<Mail[]>('GET', `mailbox?email=${encodeURIComponent(email)}`)).body;

describe('the way of a case [certn-api 4.1]', () => {
  it('the usual path ends COMPLETE with a score on case and checks', async () => {
    const found = await harness.ordered(account);
    const seen: string[] = [];
    for (const action of ['deliver', 'open', 'start', 'submit', 'progress', 'complete']) {
      await harness.acts(found, action);
      seen.push((await harness.read(account, found)).overall_status);
    }
    expect(seen).toEqual([
      'APPLICANT_INVITED',
      'APPLICANT_OPENED',
      'APPLICANT_STARTED',
      'APPLICANT_SUBMITTED',
      'IN_PROGRESS',
      'COMPLETE',
    ]);
    expect(await harness.read(account, found)).toMatchObject({
      overall_score: 'CLEAR',
      checks: [{ status: 'COMPLETE', score: 'CLEAR' }],
    });
  });

  it.each([
    ['deliver bounce', 'INVITE_UNDELIVERABLE'],
    ['bounce deliver', 'APPLICANT_INVITED'],
    ['deliver decline', 'APPLICANT_DECLINED'],
    ['deliver open expire', 'APPLICANT_EXPIRED'],
    ['deliver cancel', 'CANCELLED'],
    ['open start submit candidate_action', 'APPLICANT_ACTION_REQUIRED'],
    ['open start submit candidate_action progress', 'IN_PROGRESS'],
    ['open start submit client_action', 'CLIENT_ACTION_REQUIRED'],
    ['open start submit pending_fulfillment', 'PENDING_FULFILLMENT'],
    ['open start submit complete dispute', 'IN_DISPUTE'],
  ])('%s leads to %s', async (actions, status) => {
    const found = await harness.ordered(account);
    await harness.acts(found, ...actions.split(' '));
    expect((await harness.read(account, found)).overall_status).toBe(status);
  });

  it.each([
    ['submit before start', [], 'submit'],
    ['complete before submission', ['deliver'], 'complete'],
    ['decline after submission', ['open', 'start', 'submit'], 'decline'],
    ['open after cancellation', ['cancel'], 'open'],
    ['cancel twice', ['cancel'], 'cancel'],
    ['dispute nothing', [], 'dispute'],
  ])('%s is 409 with a sentence, and changes nothing', async (_what, before, action) => {
    const found = await harness.ordered(account);
    await harness.acts(found, ...before);
    const { overall_status: was } = await harness.read(account, found);
    const refused = await harness.act(found, action);
    expect(refused.status).toBe(409);
    expect(refused.body.message).toMatch(new RegExp(`^Cannot ${action} a case that is ${was}; .*possible from `));
    expect((await harness.read(account, found)).overall_status).toBe(was);
  });

  it.each(['CLEAR', 'REVIEW', 'REJECT', 'NOT_APPLICABLE', 'RESTRICTED', null, 'SOMETHING_NEW'])(
    'it can complete with score %s [certn-api 4.3]',
    async (score) => {
      const found = await harness.ordered(account);
      await harness.acts(found, 'open', 'start', 'submit');
      expect((await harness.act(found, 'complete', { score })).status).toBe(200);
      expect(await harness.read(account, found)).toMatchObject({ overall_status: 'COMPLETE', overall_score: score });
    },
  );

  const anyTime = 'cancel';
  const early = `bounce open decline expire ${anyTime}`;
  const asked = `progress pending_fulfillment candidate_action client_action complete dispute ${anyTime}`.split(' ');
  const allBut = (...left: string[]) => asked.filter((action) => !left.includes(action)).join(' ');

  it.each([
    ['DRAFT', `deliver ${anyTime}`],
    ['CASE_ORDERED', `deliver ${early}`],
    ['APPLICANT_INVITED', early],
    ['INVITE_UNDELIVERABLE', `deliver expire ${anyTime}`],
    ['APPLICANT_OPENED', `start decline expire ${anyTime}`],
    ['APPLICANT_STARTED', `submit decline expire ${anyTime}`],
    ['APPLICANT_SUBMITTED', allBut('dispute')],
    ['IN_PROGRESS', allBut('progress')],
    ['APPLICANT_ACTION_REQUIRED', allBut('candidate_action', 'pending_fulfillment', 'dispute')],
    ['CLIENT_ACTION_REQUIRED', allBut('client_action', 'pending_fulfillment', 'dispute')],
    ['PENDING_FULFILLMENT', allBut('pending_fulfillment', 'dispute')],
    ['IN_DISPUTE', allBut('pending_fulfillment', 'dispute')],
    ['COMPLETE', 'complete dispute'],
    ['CANCELLED', ''],
    ['APPLICANT_EXPIRED', ''],
    ['APPLICANT_DECLINED', ''],
  ])('from %s exactly these moves are possible: %s', async (status, actions) => {
    const found = await harness.ordered(account);
    const { body } = await harness.act(found, 'set', { status });
    expect((body.possible_actions as string[]).sort()).toEqual(actions.split(' ').filter(Boolean).sort());
  });

  it('a dispute takes the score away again', async () => {
    const found = await harness.ordered(account);
    await harness.acts(found, 'open', 'start', 'submit', 'complete', 'dispute');
    expect(await harness.read(account, found)).toMatchObject({ overall_score: null, checks: [{ score: null }] });
  });

  it('set takes any words at all', async () => {
    const found = await harness.ordered(account);
    await harness.act(found, 'set', { status: 'APPLICANT_TELEPORTED', score: 'PURPLE' });
    expect(await harness.read(account, found)).toMatchObject({
      overall_status: 'APPLICANT_TELEPORTED',
      overall_score: 'PURPLE',
    });
  });

  it('declining may surface as CANCELLED', async () => {
    const other = await harness.account({ decline_as: 'CANCELLED' });
    const found = await harness.ordered(other);
    await harness.acts(found, 'decline');
    expect((await harness.read(other, found)).overall_status).toBe('CANCELLED');
  });
});

describe('the candidate [certn-api 6]', () => {
  it('is mailed a personal link, and again when the case is cancelled', async () => {
    const found = await harness.ordered(account, { email_address: 'mail@example.org' });
    const [invitation] = await mailsTo('mail@example.org');
    expect(invitation).toMatchObject({ kind: 'invitation', to: 'mail@example.org' });
    const token = new URL(invitation?.link ?? '').pathname.split('/').pop();
    expect((await harness.control('GET', `candidates/${token}`)).body.id).toBe(found.id);
    await harness.acts(found, 'cancel');
    expect((await mailsTo('mail@example.org')).map((mail) => mail.kind)).toEqual(['cancelled', 'invitation']);
  });

  it('gets no mail when the link is delivered otherwise', async () => {
    const email_address = 'nomail@example.org';
    await harness.ordered(account, { email_address, send_invite_email: false, return_invite_link: true });
    expect(await mailsTo(email_address)).toEqual([]);
  });

  it('is invited by itself after a while; an address that begins with bounce is not reached', async () => {
    const other = await harness.account({ auto_deliver_ms: 30 });
    const good = await harness.ordered(other);
    const bad = await harness.ordered(other, { email_address: 'bounce.me@example.org' });
    expect(good.overall_status).toBe('CASE_ORDERED');
    const reaches = (found: { id: string }, status: string) => async () =>
      (await harness.read(other, found)).overall_status === status;
    await eventually('the good one is invited', reaches(good, 'APPLICANT_INVITED'));
    await eventually('the bad one is undeliverable', reaches(bad, 'INVITE_UNDELIVERABLE'));
  });
});
