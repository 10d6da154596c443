import type { VendorCase } from '../../gateway/domain/vendor-terms.js';
import { fitOf, mergeWindows, windowOf } from './order-match.js';
import type { VendorOrder } from './vendor-order.js';

const at = (time: string): Date => new Date(`2026-11-23T${time}Z`);

const order: VendorOrder = {
  ...{
    teamId: 't',
    id: 'o',
    connectionId: 'c',
    packageId: 'AB-12',
    email: 'Ada+jobs@Bücher.example',
    state: 'in_doubt',
  },
  ...{ attempt: 1, deadline: at('10:00:20'), message: null, waitingFor: null, caseId: null, doNotSend: false },
  ...{
    unknownSince: at('10:00:00'),
    visibleAt: at('10:15:20'),
    reconciliations: 1,
    resent: false,
    reconcileAt: null,
    candidates: [],
  },
  refusedCases: [],
};

const found: VendorCase = {
  ...{ id: 'case-1', shortId: null, state: 'ordered', result: null, vendorStatus: 'CASE_ORDERED', vendorScore: null },
  ...{ email: 'Ada+jobs@Bücher.example', packageId: null, createdAt: at('10:00:05') },
};

describe('whether a case can belong to an order', () => {
  it.each([
    ['the address as we wrote it', {}],
    ['in small letters [E12]', { email: 'ada+jobs@bücher.example' }],
    ['decomposed letters [E12]', { email: 'Ada+jobs@Bücher.example' }],
    ['the domain as IDNA writes it [E12]', { email: 'ada+jobs@xn--bcher-kva.example' }],
    ['the same package', { packageId: 'ab-12' }],
    ['created while the vendor clock was behind', { createdAt: at('09:58:00') }],
    ['created at the end of the visibility lag', { createdAt: at('10:15:20') }],
    ['creation time not shown', { createdAt: null }],
  ])('yes: %s', (_, more) => {
    expect(fitOf(order, { ...found, ...more })).toBe('fits');
  });

  it.each([
    ['another address', { email: 'grace@bücher.example' }],
    ['another plus-tag [E12]', { email: 'Ada@Bücher.example' }],
    ['another package', { packageId: 'cd-34' }],
    ['created before the order', { createdAt: at('09:57:59') }],
    ['created after the visibility lag', { createdAt: at('10:15:21') }],
  ])('no: %s', (_, more) => {
    expect(fitOf(order, { ...found, ...more })).toBe('other');
  });

  it('may fit: a case that does not show its address', () => {
    expect(fitOf(order, { ...found, email: null })).toBe('may_fit');
    expect(fitOf(order, { ...found, email: null, createdAt: at('09:00:00') })).toBe('other');
  });

  it('no: a case that a person ruled out', () => {
    expect(fitOf({ ...order, refusedCases: ['case-1'] }, found)).toBe('other');
  });

  it('no: any case, for an order that was never sent', () => {
    const unsent = { ...order, unknownSince: null, visibleAt: null };
    expect([windowOf(unsent), fitOf(unsent, found)]).toEqual([null, 'other']);
  });
});

describe('windows to read', () => {
  const window = (from: string, to: string) => ({ from: at(from), to: at(to) });

  it('are merged when they overlap or are less than an hour apart', () => {
    const windows = [window('12:00:00', '12:10:00'), window('09:00:00', '09:15:00'), window('09:10:00', '09:12:00')];
    expect(mergeWindows([...windows, window('10:15:00', '10:20:00')])).toEqual([
      window('09:00:00', '10:20:00'),
      window('12:00:00', '12:10:00'),
    ]);
  });

  it('are not modified in place', () => {
    const given = [window('09:00:00', '09:15:00'), window('09:10:00', '09:30:00')];
    mergeWindows(given);
    expect(given).toEqual([window('09:00:00', '09:15:00'), window('09:10:00', '09:30:00')]);
  });
});
