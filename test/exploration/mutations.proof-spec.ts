import type { OtherRepositories } from './machine.js';
import { TrustingUnknownOutcomes, NoVisibilityLagOrders, UnfencedOrders, withMoves } from './mutations.js';
import { Scenario } from './scenario.js';
import { storyOf } from './story.js';
import type { Fault } from './world.js';

interface Mutation {
  moves?: Parameters<typeof withMoves>[0];
  others?: OtherRepositories;
  /** The faults that expose it. */
  of: Fault[];
  breaks: RegExp;
}

const sentTwice = /^It sends attempt \d although Certn took send 1/;
const mutations: Record<string, Mutation> = {
  'claims an order whose outcome is unknown': {
    moves: { claim: { from: ['requested', 'in_doubt'] } },
    of: ['duplicate', 'answer lost'],
    breaks: sentTwice,
  },
  'claims an order that is being sent': {
    moves: { claim: { from: ['requested', 'sending'] } },
    of: ['duplicate'],
    breaks: sentTwice,
  },
  'sends again without proof': {
    moves: { resend: { onlyIf: ['wanted'] } },
    others: { unknownOutcomes: TrustingUnknownOutcomes },
    of: ['answer lost', 'list lag'],
    breaks: sentTwice,
  },
  'gives up without proof': {
    moves: { giveUp: { onlyIf: ['unwanted'] } },
    others: { unknownOutcomes: TrustingUnknownOutcomes },
    of: ['cancel', 'answer lost', 'list lag'],
    breaks: /^The order is withdrawn, but Certn has it/,
  },
  'trusts a list within the visibility lag': {
    others: { orders: NoVisibilityLagOrders },
    of: ['commit late or never', 'list lag'],
    breaks: sentTwice,
  },
  'treats a lost answer as a refused connection': {
    moves: { markUnknown: { to: 'requested' } },
    of: ['answer lost'],
    breaks: /^The order is stuck in requested/,
  },
  'withdraws an order that is being sent': {
    moves: { withdraw: { from: ['requested', 'sending'] } },
    of: ['cancel'],
    breaks: /^The order is withdrawn, but Certn has it/,
  },
  'sends a cancelled order': {
    moves: { claim: { onlyIf: [] }, withdraw: { from: [] } },
    of: ['cancel'],
    breaks: /^It sends attempt 1, begun after the caller was answered that it is never sent again/,
  },
  'leaves the order of a closed application waiting': {
    moves: { withdraw: { from: [] } },
    of: ['application closed'],
    breaks: /^The application is closed, and the order still waits to be sent/,
  },
  'ignores which attempt an outcome belongs to': {
    others: { orders: UnfencedOrders },
    of: ['sleep', 'connection refused', 'duplicate'],
    breaks: sentTwice,
  },
};

describe('The exploration', () => {
  it.each(Object.keys(mutations))(
    'finds the violation of a machine that %s',
    async (name) => {
      const { moves = {}, others, of, breaks } = mutations[name] as Mutation;
      const scenario = await Scenario.connected(others);
      const exploring = withMoves(moves, () => scenario.explore({ faults: 3, of }));
      const { broken } = await exploring.finally(() => scenario.close());
      expect(broken && storyOf(broken)).toMatch(breaks);
    },
    120_000,
  );

  it('finds no violation when only the first list is trusted: the guard of the resend still holds', async () => {
    const scenario = await Scenario.connected({ unknownOutcomes: TrustingUnknownOutcomes });
    const exploring = scenario.explore({ faults: 2, of: ['answer lost', 'list lag'] });
    const { broken, endStates } = await exploring.finally(() => scenario.close());
    expect(broken && storyOf(broken)).toBeNull();
    expect(endStates).toHaveProperty('needs_decision');
  }, 120_000);
});
