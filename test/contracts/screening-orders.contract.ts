import type {
  OrderOutcome,
  ScreeningProvider,
} from '../../src/contexts/integrations/gateway/domain/screening-provider.js';
import {
  anOrder,
  basic,
  email,
  limits,
  opened,
  results,
  type ProviderFixture,
  started,
  states,
  type VendorFault,
} from './screening-fixtures.js';

/** The part of the suite about orders and the cases they open. */
export function ordersContract(fixture: () => ProviderFixture): void {
  let provider: ScreeningProvider;
  beforeAll(() => {
    provider = fixture().provider;
  });
  const anAccount = (options: Parameters<ProviderFixture['account']>[0] = {}) =>
    fixture().account({ packages: [basic], ...options });

  describe('an order', () => {
    it('opens one case that can be read at once [R-72]', async () => {
      const account = await anAccount();
      const caseId = await anOrder(provider, account);
      const found = await provider.readCase(account.credentials, caseId);
      expect(found).toMatchObject({ id: caseId, email, result: null, vendorScore: null });
      expect(found.createdAt).toBeInstanceOf(Date);
      expect(await account.orders()).toBe(1);
    });

    it('of an unknown package is refused with a reason, and nothing is opened [E6]', async () => {
      const account = await anAccount();
      const order = { packageId: '3a9d6c54-0000-4d65-8f53-2f5a5d0a9b10', email };
      const outcome = await provider.placeOrder(account.credentials, order, limits);
      expect(outcome).toMatchObject({ kind: 'refused', message: expect.stringMatching(/package/) as string });
      expect(await account.orders()).toBe(0);
    });

    it('with a wrong key is not executed, and the answer hides the key [E7]', async () => {
      const account = await anAccount();
      const wrong = { ...account.credentials, apiKey: 'canary.wrong' };
      const outcome = await provider.placeOrder(wrong, { packageId: basic.id, email }, limits);
      expect(outcome).toMatchObject({ kind: 'not_executed', reason: 'key_refused' });
      expect(JSON.stringify(outcome)).not.toContain('canary');
      expect(await account.orders()).toBe(0);
    });

    it.each<[VendorFault, string, Partial<OrderOutcome>, number]>([
      ['unreachable', 'E1', { kind: 'not_sent', retryAfterMs: null }, 0],
      ['taken_then_late', 'E2', { kind: 'outcome_unknown' }, 1],
      ['late', 'E3', { kind: 'outcome_unknown' }, 0],
      ['taken_then_lost', 'E5', { kind: 'outcome_unknown' }, 1],
      ['server_error', 'E4', { kind: 'outcome_unknown' }, 0],
      ['taken_then_server_error', 'E4', { kind: 'outcome_unknown' }, 1],
      ['throttled_for_7_s', 'E8', { kind: 'not_sent', retryAfterMs: 7_000 }, 0],
      ['throttled_by_someone', 'E8', { kind: 'outcome_unknown' }, 0],
      ['misdirected', 'E13', { kind: 'not_executed', reason: 'misdirected' }, 0],
    ])('that meets the fault %s has its own outcome [%s]', async (fault, _, expected, taken) => {
      const account = await anAccount();
      const failing = await account.withFault(fault);
      const order = { packageId: basic.id, email };
      expect(await failing.placeOrder(account.credentials, order, { timeoutMs: 400 })).toMatchObject(expected);
      expect(await account.orders()).toBe(taken);
    });
  });

  describe('finding orders', () => {
    const at = (time: string) => new Date(`2026-10-01T${time}Z`);

    it('finds the case of an order whose answer was lost [E5]', async () => {
      const account = await anAccount();
      await anOrder(provider, account, 'someone.else@example.org');
      const failing = await account.withFault('taken_then_lost');
      const since = new Date(Date.now() - 1_000);
      await failing.placeOrder(account.credentials, { packageId: basic.id, email }, limits);
      const found = await provider.findOrders(account.credentials, { email, from: since });
      expect(found.map((one) => one.email)).toEqual([email]);
    });

    it.each([false, true])(
      'reads every page and calls back before each (other page format: %s) [E11]',
      async (secondPageFormat) => {
        const account = await anAccount({ secondPageFormat });
        const made = await Promise.all(Array.from({ length: 101 }, () => account.portalCase(email, at('12:00:00'))));
        const announced: number[] = [];
        const found = await provider.findOrders(account.credentials, {}, async (page) => void announced.push(page));
        expect(found.map(({ id }) => id).sort()).toEqual(made.sort());
        expect(announced).toEqual([1, 2]);
      },
    );

    it('stops when the callback before a page rejects', async () => {
      const account = await anAccount();
      const refusal = new Error('no budget');
      await expect(provider.findOrders(account.credentials, {}, () => Promise.reject(refusal))).rejects.toBe(refusal);
    });

    it('includes the start of a period and excludes its end', async () => {
      const account = await anAccount();
      const times = ['09:59:59.999', '10:00:00.000', '10:59:59.999', '11:00:00.000'];
      const made: string[] = [];
      for (const time of times) made.push(await account.portalCase(email, at(time)));
      const found = await provider.findOrders(account.credentials, { from: at('10:00:00'), to: at('11:00:00') });
      expect(found.map(({ id }) => id).sort()).toEqual(made.slice(1, 3).sort());
    });

    it.each(states)('finds what is %s by its state, %s [R-83]', async (vendorStatus, state) => {
      const account = await anAccount();
      const caseId = await anOrder(provider, account);
      const another = state === 'opened' ? started : opened;
      await account.show(await anOrder(provider, account), another);
      await account.show(caseId, { state, vendorStatus });
      const found = await provider.findOrders(account.credentials, { states: [state] });
      expect(found.map(({ id }) => id)).toEqual([caseId]);
    });
  });

  describe('a case', () => {
    it.each(states)('that is %s reads as %s [R-83]', async (vendorStatus, state) => {
      const account = await anAccount();
      const caseId = await anOrder(provider, account);
      await account.show(caseId, { state, vendorStatus });
      expect(await provider.readCase(account.credentials, caseId)).toMatchObject({ state, vendorStatus });
    });

    it.each(results)('complete with the score %s has the result %s [R-83]', async (vendorScore, result) => {
      const account = await anAccount();
      const caseId = await anOrder(provider, account);
      await account.show(caseId, { state: 'complete', vendorStatus: 'COMPLETE', vendorScore, result });
      expect(await provider.readCase(account.credentials, caseId)).toMatchObject({ result, vendorScore });
    });

    it('of another account is not found', async () => {
      const [mine, other] = [await anAccount(), await anAccount()];
      const foreign = await anOrder(provider, other);
      const missing = { remedy: 'give_up', reason: 'not_found' };
      await expect(provider.readCase(mine.credentials, foreign)).rejects.toMatchObject(missing);
      await expect(provider.cancelCase(mine.credentials, foreign)).rejects.toMatchObject(missing);
      await expect(provider.requestReport(mine.credentials, foreign)).rejects.toMatchObject(missing);
    });

    it.each<[VendorFault, object]>([
      ['unreachable', { remedy: 'retry', reason: 'unreachable', retryAfterMs: null }],
      ['late', { remedy: 'retry', reason: 'timeout', retryAfterMs: null }],
      ['server_error', { remedy: 'retry', reason: 'server_error', retryAfterMs: null }],
      ['throttled_for_7_s', { remedy: 'retry', reason: 'throttled', retryAfterMs: 7_000 }],
      ['nonsense', { remedy: 'retry', reason: 'nonsense' }],
      ['misdirected', { remedy: 'fix', reason: 'misdirected' }],
    ])('fails with the remedy for the fault %s [E8, E13]', async (fault, expected) => {
      const account = await anAccount();
      const caseId = await anOrder(provider, account);
      const failing = await account.withFault(fault);
      await expect(failing.readCase(account.credentials, caseId)).rejects.toMatchObject(expected);
    });

    it('is cancelled when the vendor accepts, and is unchanged once it is closed', async () => {
      const account = await anAccount();
      const caseId = await anOrder(provider, account);
      expect(await provider.cancelCase(account.credentials, caseId)).toEqual({ kind: 'accepted' });
      expect(await provider.readCase(account.credentials, caseId)).toMatchObject({ state: 'cancelled' });
      const again = await provider.cancelCase(account.credentials, caseId);
      expect(again).toEqual({ kind: 'refused', message: expect.stringContaining('cancel') as string });
    });
  });
}
