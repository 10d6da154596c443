import { Reader } from '#platform/config/reader';
import { integrationsSettings } from './settings.js';

describe('The settings that have new names', () => {
  it('are read under their former names', () => {
    const former = { ORDER_DOUBT_SECONDS: '1,2', ORDER_SETTLE_SECONDS: '60', FAILED_NOTICES_PER_MINUTE: '7' };
    const { orders, failedWebhooksPerMinute } = integrationsSettings(new Reader(former));
    expect(orders).toMatchObject({ outcomeUnknownSeconds: [1, 2], visibilityLagSeconds: 60 });
    expect(failedWebhooksPerMinute).toBe(7);
  });
});
