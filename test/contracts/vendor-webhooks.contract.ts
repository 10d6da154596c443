import type { Vendor } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import { anOrder, basic, present, type VendorFixture, type VendorUnderTest } from './vendor-fixtures.js';

/** The part of the suite about events: webhooks, their handshake, and the events feed. */
export function eventsContract({ capabilities, dialect }: VendorUnderTest, fixture: () => VendorFixture): void {
  const { signed, unsigned, eventType, ...messages } = dialect.webhook;
  const { opened, started, pageSize } = dialect;
  let vendor: Vendor;
  beforeAll(() => {
    vendor = fixture().vendor;
  });

  describe('a webhook event', () => {
    const rawBody = Buffer.from(messages.aboutCase);
    const signature = (): string => present(vendor.webhooks.signatureIn(signed(rawBody, 'whsec-1')));

    it('is authentic when one of the secrets signed exactly these bytes [R-91, A1, A2, A6]', () => {
      const verify = (body: Buffer, secrets: string[]): boolean =>
        vendor.webhooks.verifyWebhook(body, signature(), secrets);
      expect(verify(rawBody, ['whsec-1'])).toBe(true);
      expect(verify(rawBody, ['whsec-2', 'whsec-1'])).toBe(true);
      expect(verify(rawBody, ['whsec-2'])).toBe(false);
      expect(verify(rawBody, [])).toBe(false);
      expect(verify(rawBody, [''])).toBe(false);
      expect(verify(rawBody.subarray(0, -1), ['whsec-1'])).toBe(false);
    });

    it.each([{}, ...unsigned])('has no signature with the headers %j [A5]', (headers) => {
      expect(vendor.webhooks.signatureIn(headers)).toBeNull();
    });

    it.each(['', 'zz', 'g'.repeat(64), 'ab'.repeat(5_000)])('is not authentic with the signature %j [A5]', (given) => {
      expect(vendor.webhooks.verifyWebhook(rawBody, given, ['whsec-1'])).toBe(false);
    });

    it('is parsed safely, or rejected as unreadable [A14]', () => {
      const readWebhook = (text: string) => vendor.webhooks.readWebhook(Buffer.from(text));
      expect(readWebhook(messages.aboutCase)).toEqual({ eventId: 'e-1', eventType, caseId: 'c-1' });
      expect(readWebhook(messages.aboutOther)).toMatchObject({ eventId: 'e-1', caseId: null });
      for (const text of ['', '{', '[]', 'null', `${'['.repeat(60_000)}${']'.repeat(60_000)}`]) {
        expect(readWebhook(text)).toBeNull();
      }
      expect(readWebhook(`{"__proto__":${messages.aboutCase}}`)).toBeNull();
      expect(readWebhook(messages.withNul)).toMatchObject({ caseId: null });
    });
  });

  if (capabilities.handshake) {
    it('echoes the challenge of a handshake, and rejects invalid challenges [R-90, A11]', () => {
      const handshake = present(vendor.handshake);
      expect(handshake.answerHandshake('a1B2._~+/=-')).toBe('a1B2._~+/=-');
      for (const challenge of [undefined, '', ['a', 'b'], 'x'.repeat(257), '<b>', 'a\r\nb']) {
        expect(handshake.answerHandshake(challenge)).toBeNull();
      }
    });
  }

  if (capabilities.eventsFeed) {
    it('returns from its events feed what followed an event, page by page, oldest first', async () => {
      const feed = present(vendor.feed);
      const account = await fixture().account({ packages: [basic] });
      const caseId = await anOrder(vendor, account);
      const count = pageSize.feed + 2;
      for (const nth of Array(count).keys()) await account.show(caseId, nth % 2 ? started : opened);
      const first = await feed.readEvents(account.credentials, null);
      expect(first.more).toBe(true);
      expect(first.webhookEvents.every((webhookEvent) => webhookEvent.caseId === caseId)).toBe(true);
      const ids = first.webhookEvents.map(({ eventId }) => eventId);
      const next = await feed.readEvents(account.credentials, ids.at(-1) ?? null);
      expect(next.more).toBe(false);
      const all = [...ids, ...next.webhookEvents.map(({ eventId }) => eventId)];
      expect(new Set(all).size).toBe(count);
      const fromThird = await feed.readEvents(account.credentials, all[2] ?? null);
      expect(fromThird.webhookEvents.map(({ eventId }) => eventId)).toEqual(all.slice(3));
    });
  }
}
