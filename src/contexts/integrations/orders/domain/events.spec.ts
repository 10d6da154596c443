import * as events from './events.js';

describe('the events of orders', () => {
  it('have names that never change: their jobs wait in queues of that name, also those of another release', () => {
    const names = Object.values(events).flatMap((event) => ('wireName' in event ? [event.wireName] : []));
    expect(names.toSorted()).toEqual([
      'integrations.case-reported.v1',
      'integrations.order-due.v1',
      'integrations.order-to-erase.v1',
      'integrations.order-to-reconcile.v1',
      'integrations.unknown-case-seen.v2',
    ]);
  });
});
