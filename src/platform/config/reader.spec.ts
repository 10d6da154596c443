import { Reader } from './reader.js';

describe('A setting that has a new name', () => {
  it('is read under the old name while the new one is not set, or empty', () => {
    expect(new Reader({ ORDER_SETTLE_SECONDS: '60' }).number('ORDER_VISIBILITY_LAG_SECONDS', 900, 1, 86_400)).toBe(60);
    const both = { ORDER_VISIBILITY_LAG_SECONDS: ' ', ORDER_SETTLE_SECONDS: '60' };
    expect(new Reader(both).number('ORDER_VISIBILITY_LAG_SECONDS', 900, 1, 86_400)).toBe(60);
    expect(new Reader({ ORDER_DOUBT_SECONDS: '1,2' }).text('ORDER_OUTCOME_UNKNOWN_SECONDS')).toBe('1,2');
    expect(new Reader({ FAILED_NOTICES_PER_MINUTE: '7' }).text('FAILED_WEBHOOKS_PER_MINUTE')).toBe('7');
  });

  it('is read under the new name when both are set', () => {
    const both = { ORDER_VISIBILITY_LAG_SECONDS: '120', ORDER_SETTLE_SECONDS: '60' };
    expect(new Reader(both).text('ORDER_VISIBILITY_LAG_SECONDS')).toBe('120');
  });

  it('does not answer for others: what has no old name is read under its own alone', () => {
    expect(new Reader({ ORDER_SETTLE_SECONDS: '60' }).text('SWEEP_SECONDS')).toBeNull();
  });
});
