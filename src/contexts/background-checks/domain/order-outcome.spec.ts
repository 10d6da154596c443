import { cancelledUnsent, cancelUnconfirmed, outcomeOfOrder, type WithdrawnBecause } from './order-outcome.js';
import type { OrderStatus } from './order-status.js';

const aSentence = expect.stringMatching(/^[A-Z][^.]+\.( [A-Z][^.]+\.)*$/) as string;

const anOrder = (order: Partial<OrderStatus>): OrderStatus => ({
  state: 'waiting',
  message: null,
  connectionActionRequired: false,
  candidates: [],
  caseId: null,
  vendor: { id: 'certn', name: 'Certn' },
  environment: 'production',
  portalUrl: '',
  ...order,
});
const failureOf = (order: Partial<OrderStatus>, because: WithdrawnBecause = 'integration_disabled') =>
  outcomeOfOrder(anOrder(order), because).failure;

describe('why a check does not proceed', () => {
  it.each<[string, Partial<OrderStatus>]>([
    ['orders_held', { held: true }],
    ['orders_held', { held: true, connectionActionRequired: true }],
    ['connection_attention', { connectionActionRequired: true }],
    ['resends_of_the_hour', { state: 'confirming', waitsToBeResent: true }],
    ['needs_decision', { state: 'needs_decision' }],
    ['refused_by_certn', { state: 'refused' }],
    ['integration_disabled', { state: 'withdrawn' }],
  ])('is said in a sentence: %s', (reason, order) => {
    expect(failureOf(order)).toEqual({ reason, message: aSentence, candidates: [] });
  });

  it('names its vendor, and no other', () => {
    const vendor = { id: 'plainscreen', name: 'Plainscreen' };
    const refused = failureOf({ state: 'refused', vendor });
    expect(refused).toMatchObject({ reason: 'refused_by_plainscreen', message: 'Plainscreen refused the request.' });
    expect(failureOf({ state: 'withdrawn', vendor })?.message).toBe(
      'Plainscreen was disabled before the check was sent.',
    );
  });

  it('has a sentence of its own for each reason', () => {
    const orders: Partial<OrderStatus>[] = [
      { held: true },
      { connectionActionRequired: true },
      { state: 'confirming', waitsToBeResent: true },
      { state: 'needs_decision' },
      { state: 'refused' },
      { state: 'withdrawn' },
    ];
    const closed = failureOf({ state: 'withdrawn' }, 'application_closed');
    const failures = [...orders.map((order) => failureOf(order)), closed, cancelledUnsent().failure];
    expect(new Set(failures.map((failure) => failure?.message)).size).toBe(failures.length);
  });

  it.each<Partial<OrderStatus>>([
    { state: 'refused', message: 'No such package.' },
    { state: 'needs_decision', message: 'No such package.' },
    { connectionActionRequired: true, message: 'No such package.' },
  ])('is said in the words that came with the order, when there are any: %j', (order) => {
    expect(failureOf(order)?.message).toBe('No such package.');
  });

  it('names the cases among which a person must choose', () => {
    expect(failureOf({ state: 'needs_decision', candidates: ['one', 'two'] })?.candidates).toEqual(['one', 'two']);
  });

  it.each(['waiting', 'confirming', 'placed'] as const)('is nothing while its order is %s as planned', (state) => {
    expect(failureOf({ state })).toBeNull();
  });

  it('says how often the vendor was asked to cancel', () => {
    expect(cancelUnconfirmed('Certn', 8)).toMatchObject({ reason: 'cancel_unconfirmed', message: aSentence });
    expect(cancelUnconfirmed('Certn', 8).message).toContain('after 8 requests');
  });
});

describe('who ended an order', () => {
  it.each([
    ['waiting', 'system'],
    ['confirming', 'system'],
    ['needs_decision', 'system'],
    ['placed', 'vendor'],
    ['refused', 'vendor'],
    ['withdrawn', 'system'],
  ] as const)('that is %s: %s', (state, source) => {
    expect(outcomeOfOrder(anOrder({ state }), 'integration_disabled').source).toBe(source);
  });

  it.each([
    ['cancelled', 'cancelled', 'withdrawn'],
    ['application_closed', 'not_sent', 'application_closed'],
    ['integration_disabled', 'not_sent', 'integration_disabled'],
  ] as const)('withdrawn because of %s makes the check %s', (because, status, reason) => {
    const outcome = outcomeOfOrder(anOrder({ state: 'withdrawn' }), because);
    expect(outcome).toMatchObject({ status, source: 'system', failure: { reason, message: aSentence } });
  });
});
