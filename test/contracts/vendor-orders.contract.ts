import type { Vendor } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import type { OrderOutcome } from '../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import {
  anOrder,
  basic,
  email,
  limits,
  orderFor,
  present,
  type VendorFault,
  type VendorFixture,
  type VendorUnderTest,
} from './vendor-fixtures.js';

/** The part of the suite about orders and the cases they open. */
export function ordersContract({ capabilities, dialect }: VendorUnderTest, fixture: () => VendorFixture): void {
  const { states, results, opened } = dialect;
  let vendor: Vendor;
  beforeAll(() => {
    vendor = fixture().vendor;
  });
  const anAccount = (options: Parameters<VendorFixture['account']>[0] = {}) =>
    fixture().account({ packages: [basic], ...options });

  describe('an order', () => {
    it('opens one case that can be read at once [R-72]', async () => {
      const account = await anAccount();
      const caseId = await anOrder(vendor, account);
      const found = await vendor.cases.readCase(account.credentials, caseId);
      expect(found).toMatchObject({ id: caseId, email, result: null, vendorScore: null });
      expect(found.createdAt).toBeInstanceOf(Date);
      expect(await account.orders()).toBe(1);
    });

    it('of an unknown package is refused with a reason, and nothing is opened [E6]', async () => {
      const account = await anAccount();
      const order = orderFor({ packageId: '3a9d6c54-0000-4d65-8f53-2f5a5d0a9b10' });
      const outcome = await vendor.orders.placeOrder(account.credentials, order, limits);
      expect(outcome).toMatchObject({ kind: 'refused', message: expect.stringMatching(/package/) as string });
      expect(await account.orders()).toBe(0);
    });

    it('with a wrong key is not executed, and the answer hides the key [E7]', async () => {
      const account = await anAccount();
      const wrong = { ...account.credentials, apiKey: 'canary.wrong' };
      const outcome = await vendor.orders.placeOrder(wrong, orderFor(), limits);
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
      const outcome = await failing.orders.placeOrder(account.credentials, orderFor(), { timeoutMs: 400 });
      expect(outcome).toMatchObject(expected);
      expect(await account.orders()).toBe(taken);
    });

    if (capabilities.idempotentOrders) {
      it('that is sent again with its id opens no second case, and both answers name the first one', async () => {
        const account = await anAccount();
        const order = orderFor();
        const first = await vendor.orders.placeOrder(account.credentials, order, limits);
        const second = await vendor.orders.placeOrder(account.credentials, order, limits);
        expect(first).toMatchObject({ kind: 'placed' });
        expect(second).toMatchObject({ kind: 'placed', case: { id: first.kind === 'placed' ? first.case.id : '' } });
        expect(await account.orders()).toBe(1);
      });

      it('whose answer was lost is placed by sending it again [E5]', async () => {
        const account = await anAccount();
        const order = orderFor();
        const failing = await account.withFault('taken_then_late');
        const lost = await failing.orders.placeOrder(account.credentials, order, { timeoutMs: 400 });
        expect(lost).toMatchObject({ kind: 'outcome_unknown' });
        const working = await account.withFault('none');
        const again = await working.orders.placeOrder(account.credentials, order, limits);
        expect(again).toMatchObject({ kind: 'placed', case: { email } });
        expect(await account.orders()).toBe(1);
      });
    }
  });

  describe('a case', () => {
    it.each(states)('that is %s reads as %s [R-83]', async (vendorStatus, state) => {
      const account = await anAccount();
      const caseId = await anOrder(vendor, account);
      await account.show(caseId, { state, vendorStatus });
      expect(await vendor.cases.readCase(account.credentials, caseId)).toMatchObject({ state, vendorStatus });
    });

    it.each(results)('complete with the score %s has the result %s [R-83]', async (vendorScore, result) => {
      const account = await anAccount();
      const caseId = await anOrder(vendor, account);
      await account.show(caseId, { ...dialect.complete, vendorScore, result });
      expect(await vendor.cases.readCase(account.credentials, caseId)).toMatchObject({ result, vendorScore });
    });

    it('of another account is not found', async () => {
      const [mine, other] = [await anAccount(), await anAccount()];
      const foreign = await anOrder(vendor, other);
      const missing = { remedy: 'give_up', reason: 'not_found' };
      await expect(vendor.cases.readCase(mine.credentials, foreign)).rejects.toMatchObject(missing);
      const { cancellation, reports } = vendor;
      if (cancellation) await expect(cancellation.cancelCase(mine.credentials, foreign)).rejects.toMatchObject(missing);
      if (reports) await expect(reports.requestReport(mine.credentials, foreign)).rejects.toMatchObject(missing);
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
      const caseId = await anOrder(vendor, account);
      const failing = await account.withFault(fault);
      await expect(failing.cases.readCase(account.credentials, caseId)).rejects.toMatchObject(expected);
    });

    if (capabilities.cancellation) {
      it('is cancelled when the vendor accepts, and is unchanged once it is closed', async () => {
        const cancellation = present(vendor.cancellation);
        const account = await anAccount();
        const caseId = await anOrder(vendor, account);
        await account.show(caseId, opened);
        expect(await cancellation.cancelCase(account.credentials, caseId)).toEqual({ kind: 'accepted' });
        expect(await vendor.cases.readCase(account.credentials, caseId)).toMatchObject({ state: 'cancelled' });
        const again = await cancellation.cancelCase(account.credentials, caseId);
        expect(again).toEqual({ kind: 'refused', message: expect.stringContaining('cancel') as string });
      });
    }
  });
}
