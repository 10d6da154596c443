import { text } from 'node:stream/consumers';
import type {
  ReportState,
  ScreeningProvider,
} from '../../src/contexts/integrations/gateway/domain/screening-provider.js';
import {
  anOrder,
  basic,
  eventually,
  opened,
  type ProviderFixture,
  type AccountFixture,
  started,
} from './screening-fixtures.js';
import { ordersContract } from './screening-orders.contract.js';

/** The behaviour of every screening provider: the fake and the vendors' adapters. */
export function screeningProviderContract(name: string, setup: () => Promise<ProviderFixture>): void {
  describe(`${name} as a screening provider`, () => {
    let fixture: ProviderFixture;
    let provider: ScreeningProvider;
    beforeAll(async () => {
      fixture = await setup();
      provider = fixture.provider;
    });
    afterAll(() => fixture.stop());

    const anAccount = (options: Parameters<ProviderFixture['account']>[0] = {}) =>
      fixture.account({ packages: [basic], ...options });

    describe('credentials', () => {
      it('are accepted', async () => {
        const { credentials } = await anAccount();
        await expect(provider.tryCredentials(credentials)).resolves.toBeUndefined();
      });

      it('are refused with the remedy `fix`, and the message hides the key [E7, E18]', async () => {
        const { credentials } = await anAccount();
        const wrong = { ...credentials, apiKey: 'canary.wrong' };
        const refused = { remedy: 'fix', reason: 'key_refused' };
        await expect(provider.tryCredentials(wrong)).rejects.toMatchObject(refused);
        await expect(provider.readCase(wrong, basic.id)).rejects.toMatchObject(refused);
        await expect(provider.findOrders(wrong, {})).rejects.toMatchObject(refused);
        await expect(provider.tryCredentials(wrong)).rejects.not.toThrow('canary');
      });
    });

    it.each([false, true])(
      'lists every package, including later pages and inactive packages (other page format: %s)',
      async (secondPageFormat) => {
        const packages = Array.from({ length: 103 }, (_, nth) => ({
          id: `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`,
          name: `Package ${nth}`,
          active: nth !== 102,
        }));
        const { credentials } = await anAccount({ packages, secondPageFormat });
        const listed = await provider.listPackages(credentials);
        expect(listed.toSorted((one, other) => one.id.localeCompare(other.id))).toEqual(packages);
      },
    );

    ordersContract(() => fixture);

    describe('a report', () => {
      async function reportOf(account: AccountFixture): Promise<ReportState> {
        const caseId = await anOrder(provider, account);
        await account.show(caseId, {
          state: 'complete',
          vendorStatus: 'COMPLETE',
          vendorScore: 'CLEAR',
          result: 'clear',
        });
        const reportId = await provider.requestReport(account.credentials, caseId);
        return eventually('The report was not made', async () => {
          const report = await provider.readReport(account.credentials, reportId);
          return report.state === 'pending' ? null : report;
        });
      }

      it('is requested, polled and streamed', async () => {
        const report = await reportOf(await anAccount());
        if (report.state !== 'ready') throw new Error(`The report is ${report.state}.`);
        const { stream, length } = await provider.openReport(report.url);
        const content = await text(stream.setEncoding('latin1'));
        expect(content).toMatch(/^%PDF/);
        expect(length).toBe(content.length);
      });

      it('may fail', async () => {
        expect(await reportOf(await anAccount({ reportsFail: true }))).toEqual({ state: 'failed' });
      });

      it.each([
        'http://169.254.169.254/latest',
        'https://10.0.0.8/report.pdf',
        'https://localhost/report.pdf',
        'nowhere',
      ])('is not fetched from %s [E17]', async (url) => {
        await expect(provider.openReport(url)).rejects.toMatchObject({ remedy: 'give_up', reason: 'unusable' });
      });
    });

    it('returns from its events feed what followed an event, page by page, oldest first', async () => {
      const account = await anAccount();
      const caseId = await anOrder(provider, account);
      for (const nth of Array(12).keys()) await account.show(caseId, nth % 2 ? started : opened);
      const first = await provider.readEvents(account.credentials, null);
      expect(first.more).toBe(true);
      expect(first.webhookEvents.every((webhookEvent) => webhookEvent.caseId === caseId)).toBe(true);
      const ids = first.webhookEvents.map(({ eventId }) => eventId);
      const next = await provider.readEvents(account.credentials, ids.at(-1) ?? null);
      expect(next.more).toBe(false);
      const all = [...ids, ...next.webhookEvents.map(({ eventId }) => eventId)];
      expect(new Set(all).size).toBe(12);
      const fromThird = await provider.readEvents(account.credentials, all[2] ?? null);
      expect(fromThird.webhookEvents.map(({ eventId }) => eventId)).toEqual(all.slice(3));
    });

    describe('a webhook event', () => {
      const rawBody = Buffer.from(
        '{ "id":"e-1",  "event_type":"CASE_STATUS_CHANGED","object_id":"c-1","object_type":"CASE"}\n',
      );
      const signature = () => provider.signWebhook(rawBody, 'whsec-1');

      it('is authentic when one of the secrets signed exactly these bytes [R-91, A1, A2, A6]', () => {
        expect(provider.isSignature(signature())).toBe(true);
        expect(provider.verifyWebhook(rawBody, signature(), ['whsec-1'])).toBe(true);
        expect(provider.verifyWebhook(rawBody, signature(), ['whsec-2', 'whsec-1'])).toBe(true);
        expect(provider.verifyWebhook(rawBody, signature(), ['whsec-2'])).toBe(false);
        expect(provider.verifyWebhook(rawBody, signature(), [])).toBe(false);
        expect(provider.verifyWebhook(rawBody.subarray(0, -1), signature(), ['whsec-1'])).toBe(false);
      });

      it.each([undefined, '', 'zz', 'g'.repeat(64), 'ab'.repeat(5_000)])('is not authentic with %j [A5]', (given) => {
        expect(provider.isSignature(given)).toBe(false);
        expect(provider.verifyWebhook(rawBody, given, ['whsec-1'])).toBe(false);
      });

      it('is parsed safely, or rejected as unreadable [A14]', () => {
        expect(provider.readWebhook(rawBody)).toEqual({
          eventId: 'e-1',
          eventType: 'CASE_STATUS_CHANGED',
          caseId: 'c-1',
        });
        const other = Buffer.from(rawBody.toString().replace('"CASE"', '"CHECK"'));
        expect(provider.readWebhook(other)).toMatchObject({ eventId: 'e-1', caseId: null });
        for (const bytes of [
          '',
          '{',
          '[]',
          'null',
          `${'['.repeat(60_000)}${']'.repeat(60_000)}`,
          '{"__proto__":{"object_id":"c-1"}}',
        ]) {
          expect(provider.readWebhook(Buffer.from(bytes))).toBeNull();
        }
        expect(provider.readWebhook(Buffer.from('{"event_type":"A","object_id":"c\\u0000"}'))).toMatchObject({
          caseId: null,
        });
      });
    });

    it('echoes the challenge of a handshake, and rejects invalid challenges [R-90, A11]', () => {
      expect(provider.answerHandshake('a1B2._~+/=-')).toBe('a1B2._~+/=-');
      for (const challenge of [undefined, '', ['a', 'b'], 'x'.repeat(257), '<b>', 'a\r\nb']) {
        expect(provider.answerHandshake(challenge)).toBeNull();
      }
    });
  });
}
