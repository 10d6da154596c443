import type { ListPart, Vendor } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import {
  anOrder,
  basic,
  email,
  limits,
  orderFor,
  present,
  type VendorFixture,
  type VendorUnderTest,
} from './vendor-fixtures.js';

/** The part of the suite for vendors that list the cases of an account. */
export function listContract({ dialect }: VendorUnderTest, fixture: () => VendorFixture): void {
  const { states, opened, started, listShapes, pageSize } = dialect;

  describe('finding orders', () => {
    let vendor: Vendor;
    let list: ListPart;
    beforeAll(() => {
      vendor = fixture().vendor;
      list = present(vendor.list);
    });
    const anAccount = (options: Parameters<VendorFixture['account']>[0] = {}) =>
      fixture().account({ packages: [basic], ...options });
    const at = (time: string) => new Date(`2026-10-01T${time}Z`);

    it('is refused with a wrong key [E7, E18]', async () => {
      const { credentials } = await anAccount();
      const refused = { remedy: 'fix', reason: 'key_refused' };
      await expect(list.findOrders({ ...credentials, apiKey: 'canary.wrong' }, {})).rejects.toMatchObject(refused);
    });

    it('finds the case of an order whose answer was lost [E5]', async () => {
      const account = await anAccount();
      await anOrder(vendor, account, 'someone.else@example.org');
      const failing = await account.withFault('taken_then_lost');
      const since = new Date(Date.now() - 1_000);
      await failing.orders.placeOrder(account.credentials, orderFor(), limits);
      const found = await list.findOrders(account.credentials, { email, from: since });
      expect(found.map((one) => one.email)).toEqual([email]);
    });

    it.each(listShapes)(
      'reads every page and calls back before each (shape of the list: %s) [E11]',
      async (listShape) => {
        const account = await anAccount({ listShape });
        const count = pageSize.list + 1;
        const made = await Promise.all(Array.from({ length: count }, () => account.portalCase(email, at('12:00:00'))));
        const announced: number[] = [];
        const found = await list.findOrders(account.credentials, {}, async (page) => void announced.push(page));
        expect(found.map(({ id }) => id).sort()).toEqual(made.sort());
        expect(announced).toEqual([1, 2]);
      },
    );

    it('stops when the callback before a page rejects', async () => {
      const account = await anAccount();
      const refusal = new Error('no budget');
      await expect(list.findOrders(account.credentials, {}, () => Promise.reject(refusal))).rejects.toBe(refusal);
    });

    it('includes the start of a period and excludes its end', async () => {
      const account = await anAccount();
      const times = ['09:59:59.999', '10:00:00.000', '10:59:59.999', '11:00:00.000'];
      const made: string[] = [];
      for (const time of times) made.push(await account.portalCase(email, at(time)));
      const found = await list.findOrders(account.credentials, { from: at('10:00:00'), to: at('11:00:00') });
      expect(found.map(({ id }) => id).sort()).toEqual(made.slice(1, 3).sort());
    });

    it.each(states)('finds what is %s by its state, %s [R-83]', async (vendorStatus, state) => {
      const account = await anAccount();
      const caseId = await anOrder(vendor, account);
      await account.show(await anOrder(vendor, account), state === opened.state ? started : opened);
      await account.show(caseId, { state, vendorStatus });
      const found = await list.findOrders(account.credentials, { states: [state] });
      expect(found.map(({ id }) => id)).toEqual([caseId]);
    });
  });
}
