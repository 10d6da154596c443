import type { Capabilities } from '../../gateway/domain/vendor.js';
import { isSettled, type WayOut, wayOutOf } from './unknown-outcome-rules.js';
import type { VendorOrder } from './vendor-order.js';

const at = new Date('2026-03-02T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(at.getTime() - hours * 3600 * 1000);
const order = { doNotSend: false, unknownSince: hoursAgo(1) } as VendorOrder;

describe('how the outcome of an order becomes known', () => {
  it.each<[boolean, boolean, string, Partial<VendorOrder>, boolean, WayOut]>([
    [true, true, 'wanted', {}, true, 'send_again'],
    [true, false, 'wanted', {}, true, 'send_again'],
    [true, true, 'not to be sent', { doNotSend: true }, true, 'read_list'],
    [true, false, 'not to be sent', { doNotSend: true }, true, 'ask'],
    [true, false, 'sent almost a day ago', { unknownSince: hoursAgo(23) }, true, 'ask'],
    [true, false, 'not known to have been sent', { unknownSince: null }, true, 'ask'],
    [true, false, 'sent by a replaced connection', {}, false, 'ask'],
    [true, true, 'sent by a replaced connection', {}, false, 'read_list'],
    [false, true, 'wanted', {}, true, 'read_list'],
    [false, false, 'wanted', {}, true, 'ask'],
  ])('with keys %s, with a list %s, an order that is %s', (keys, list, _, fields, current, wayOut) => {
    const capabilities = { idempotentOrders: keys, listByTime: list } as Capabilities;
    expect(wayOutOf(capabilities, { ...order, ...fields }, at, { current })).toBe(wayOut);
  });
});

describe('an order whose attempts the vendor must show by now', () => {
  it.each<[string, Date | null, boolean]>([
    ['has passed its visibility lag', hoursAgo(1), true],
    ['is not there at the very end of the lag', at, false],
    ['is not there before', hoursAgo(-1), false],
    ['is not there when it was never sent', null, false],
  ])('%s', (_, visibleAt, settled) => {
    expect(isSettled({ ...order, visibleAt }, at)).toBe(settled);
  });
});
