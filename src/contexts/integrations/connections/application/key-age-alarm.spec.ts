import { Logger, type LoggerService } from '@nestjs/common';
import { FakeVendor } from '../../../../../test/support/fake-vendor.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { VendorFacts } from '../vendor-facts.js';
import { KeyAgeAlarm } from './key-age-alarm.js';

const dayMs = 86_400_000;
const vendor = new FakeVendor().asVendor();
const facts = new VendorFacts(new Vendors([vendor, { ...vendor, id: 'endless', keyLifeDays: null }]));
const noon = Date.parse('2026-03-01T12:00:00Z');

/** A connection whose key was saved so many days before the first of March, noon. */
const saved = (daysAgo: number, over: Partial<Parameters<KeyAgeAlarm['check']>[0]> = {}) => ({
  teamId: 'a team',
  id: 'a connection',
  vendor: 'fake',
  apiKey: { savedAt: new Date(noon - daysAgo * dayMs).toISOString() } as never,
  current: true,
  state: 'enabled' as const,
  ...over,
});

describe('the alarm about an API key that is about to expire', () => {
  let now: number;
  let warnings: object[];
  let alarm: KeyAgeAlarm;

  beforeEach(() => {
    now = noon;
    warnings = [];
    const nothing = (): void => undefined;
    const logger: LoggerService = {
      log: nothing,
      error: nothing,
      warn: (fields: object) => void warnings.push(fields),
    };
    Logger.overrideLogger(logger);
    alarm = new KeyAgeAlarm({ now: () => new Date(now) }, facts);
  });
  afterAll(() => void Logger.overrideLogger(false));

  it('warns 30 days before, with the connection and the days left', () => {
    alarm.check(saved(335));
    expect(warnings).toEqual([{ teamId: 'a team', connectionId: 'a connection', daysLeft: 30 }]);
  });

  it('does not warn a day earlier', () => {
    alarm.check(saved(334));
    expect(warnings).toEqual([]);
  });

  it('warns once a day for each connection', () => {
    alarm.check(saved(340));
    now += dayMs / 4;
    alarm.check(saved(340));
    alarm.check(saved(341, { id: 'another connection' }));
    now += dayMs / 2;
    alarm.check(saved(340));
    expect(warnings).toMatchObject([{ daysLeft: 25 }, { connectionId: 'another connection' }, { daysLeft: 24 }]);
  });

  it('keeps warning after the key has expired', () => {
    alarm.check(saved(367));
    expect(warnings).toMatchObject([{ daysLeft: -2 }]);
  });

  it.each([
    ['was replaced by a newer one', { current: false }],
    ['was disabled', { state: 'disabled' as const }],
  ])('does not warn about a connection that %s', (_, over) => {
    alarm.check(saved(367, over));
    expect(warnings).toEqual([]);
  });
});
