import { text } from 'node:stream/consumers';
import type { ReportsPart, Vendor } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import type { ReportState } from '../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import {
  type AccountFixture,
  anOrder,
  basic,
  eventually,
  present,
  type VendorFixture,
  type VendorUnderTest,
} from './vendor-fixtures.js';
import { listContract } from './vendor-list.contract.js';
import { ordersContract } from './vendor-orders.contract.js';
import { eventsContract } from './vendor-webhooks.contract.js';

/** The behaviour of every vendor, the one in memory included. A capability adds cases; nothing is skipped. */
export function vendorContract(tested: VendorUnderTest): void {
  const { capabilities, dialect } = tested;

  describe(`${tested.name} as a vendor`, () => {
    let fixture: VendorFixture;
    let vendor: Vendor;
    beforeAll(async () => {
      fixture = await tested.setup();
      vendor = fixture.vendor;
    });
    afterAll(() => fixture.stop());

    const anAccount = (options: Parameters<VendorFixture['account']>[0] = {}) =>
      fixture.account({ packages: [basic], ...options });

    it('has the parts of its capabilities, and no others', () => {
      expect(vendor.capabilities).toEqual(capabilities);
      const { list, feed, handshake, cancellation, reports } = vendor;
      expect([list, feed, handshake, cancellation, reports].map((part) => part !== null)).toEqual([
        capabilities.listByTime,
        capabilities.eventsFeed,
        capabilities.handshake,
        capabilities.cancellation,
        capabilities.reportDownload,
      ]);
    });

    it('says how to connect, with the address to enter', () => {
      expect(vendor.setupSteps('https://ats.example.org/hook').join('\n')).toContain('https://ats.example.org/hook');
      expect(vendor.webhooks.path).toMatch(/^\/[\w/-]+$/);
    });

    describe('credentials', () => {
      it('are accepted', async () => {
        const { credentials } = await anAccount();
        await expect(vendor.account.tryCredentials(credentials)).resolves.toBeUndefined();
      });

      it('are refused with the remedy `fix`, and the message hides the key [E7, E18]', async () => {
        const { credentials } = await anAccount();
        const wrong = { ...credentials, apiKey: 'canary.wrong' };
        const refused = { remedy: 'fix', reason: 'key_refused' };
        await expect(vendor.account.tryCredentials(wrong)).rejects.toMatchObject(refused);
        await expect(vendor.cases.readCase(wrong, basic.id)).rejects.toMatchObject(refused);
        await expect(vendor.account.tryCredentials(wrong)).rejects.not.toThrow('canary');
        expect(vendor.account.whyKeyRejected(wrong)).toContain(vendor.name);
      });
    });

    it.each(dialect.listShapes)(
      'lists every package, including later pages and inactive packages (shape of the list: %s)',
      async (listShape) => {
        const count = dialect.pageSize.list + 3;
        const packages = Array.from({ length: count }, (_, nth) => ({
          id: `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`,
          name: `Package ${nth}`,
          active: nth !== count - 1,
        }));
        const { credentials } = await anAccount({ packages, listShape });
        const listed = await vendor.account.listPackages(credentials);
        expect(listed.toSorted((one, other) => one.id.localeCompare(other.id))).toEqual(packages);
      },
    );

    ordersContract(tested, () => fixture);
    eventsContract(tested, () => fixture);
    if (capabilities.listByTime) listContract(tested, () => fixture);
    if (capabilities.reportDownload) reportsContract(tested, () => fixture);
  });
}

/** The part of the suite for vendors whose reports can be downloaded. */
function reportsContract({ dialect }: VendorUnderTest, fixture: () => VendorFixture): void {
  describe('a report', () => {
    let vendor: Vendor;
    let reports: ReportsPart;
    beforeAll(() => {
      vendor = fixture().vendor;
      reports = present(vendor.reports);
    });

    async function reportOf(account: AccountFixture): Promise<ReportState> {
      const caseId = await anOrder(vendor, account);
      await account.show(caseId, dialect.complete);
      const reportId = await reports.requestReport(account.credentials, caseId);
      return eventually('The report was not made', async () => {
        const report = await reports.readReport(account.credentials, reportId);
        return report.state === 'pending' ? null : report;
      });
    }

    it('is requested, polled and streamed', async () => {
      const report = await reportOf(await fixture().account({ packages: [basic] }));
      if (report.state !== 'ready') throw new Error(`The report is ${report.state}.`);
      const { stream, length } = await reports.openReport(report.url);
      const content = await text(stream.setEncoding('latin1'));
      expect(content).toMatch(/^%PDF/);
      expect(length).toBe(content.length);
    });

    it('may fail', async () => {
      const account = await fixture().account({ packages: [basic], reportsFail: true });
      expect(await reportOf(account)).toEqual({ state: 'failed' });
    });

    it.each([
      'http://169.254.169.254/latest',
      'https://10.0.0.8/report.pdf',
      'https://localhost/report.pdf',
      'nowhere',
    ])('is not fetched from %s [E17]', async (url) => {
      await expect(reports.openReport(url)).rejects.toMatchObject({ remedy: 'give_up', reason: 'unusable' });
    });
  });
}
