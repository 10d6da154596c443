import type { UnitOfWork } from '#kernel/ports';
import { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { Connections } from '../../../src/contexts/integrations/connections/domain/connections.js';
import type { VendorCase } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import type { UnknownOutcomes } from '../../../src/contexts/integrations/orders/domain/unknown-outcomes.js';
import type {
  OrderMove,
  OrderState,
  VendorOrder,
} from '../../../src/contexts/integrations/orders/domain/vendor-order.js';
import type {
  ClaimAnswer,
  ClaimMove,
  MoveDetails,
  VendorOrders,
} from '../../../src/contexts/integrations/orders/domain/vendor-orders.js';
import { anId } from '../../fakes/platform.js';

export const limits = { timeoutMs: 20_000, visibilityLagSeconds: 900 };

/** A connection to that account, of a new team unless one is given. */
export function aConnectionTo(accountKey: string, given: { teamId?: string; vendor?: string } = {}): Connection {
  const { teamId = anId(), vendor = 'certn' } = given;
  const now = new Date();
  const secret = { sealed: 's', last4: '0000', savedAt: now.toISOString(), savedBy: anId() };
  return new Connection(teamId, anId(), vendor, 'ca', 'production', secret, secret, accountKey, now, now);
}

export const secondsBetween = (from: Date | null, to: Date | null): number =>
  Math.round(((to?.getTime() ?? Number.NaN) - (from?.getTime() ?? Number.NaN)) / 1000);

/** A case as the vendor first shows it. */
export const aCase = (id: string, shown: Partial<VendorCase> = {}): VendorCase => ({
  ...{ id, shortId: `C-${id.slice(-6)}`, state: 'invited', result: null, vendorStatus: 'INVITED' },
  ...{ vendorScore: null, email: null, packageId: null, createdAt: null },
  ...shown,
});

export interface OrdersFixture {
  unitOfWork: UnitOfWork;
  orders: VendorOrders;
  connections: Connections;
  unknownOutcomes: UnknownOutcomes;
  /** Lets seconds pass for these orders. */
  pass: (seconds: number, ...orders: Key[]) => Promise<void>;
}

export type Key = { teamId: string; id: string };
type LaterMove = Exclude<OrderMove, ClaimMove>;

/** Moves that lead into a state, from a requested order. */
const wayTo: Record<OrderState, LaterMove[]> = {
  requested: [],
  sending: [],
  in_doubt: ['markUnknown'],
  ordered: ['place'],
  rejected: ['refuse'],
  needs_decision: ['markUnknown', 'ask'],
  withdrawn: ['drop'],
};
const unclaimed: readonly OrderState[] = ['requested', 'withdrawn'];

/** Brings orders of one connection into the states that a suite is about. */
export class OrdersInStates {
  constructor(
    readonly fixture: OrdersFixture,
    readonly connection: Connection,
  ) {}

  async requested(email = `${anId()}@example.org`, at = this.connection): Promise<Key> {
    const order = { teamId: at.teamId, id: anId() };
    await this.fixture.orders.addIfAbsent({ ...order, packageId: 'basic', email }, at);
    return order;
  }

  async in(state: OrderState, email?: string, at = this.connection): Promise<VendorOrder> {
    const order = await this.requested(email, at);
    if (!unclaimed.includes(state)) await this.claim(order, at);
    for (const move of wayTo[state]) {
      const details = move === 'markUnknown' ? { reconcileAfterSeconds: 30 } : {};
      if (!(await this.move(order, move, details))) throw new Error(`It did not ${move}.`);
    }
    return this.read(order);
  }

  /** Two lists after the visibility lag did not show it. */
  async provedAbsent(): Promise<VendorOrder> {
    const order = await this.in('in_doubt');
    await this.fixture.pass(3600, order);
    await this.proveAbsent(order);
    return this.read(order);
  }

  async proveAbsent({ teamId, id }: Key): Promise<void> {
    const { unknownOutcomes } = this.fixture;
    const { at } = await unknownOutcomes.takeOne(teamId, id);
    const order = await this.read({ teamId, id });
    for (let lists = 0; lists < 2; lists += 1) await unknownOutcomes.noteAbsence(order, at);
  }

  claim({ teamId, id }: Key, at = this.connection, move?: ClaimMove): Promise<ClaimAnswer> {
    return this.fixture.orders.claim(teamId, id, at, limits, move);
  }

  /** Whatever its present attempt is. */
  async move(order: Key, move: LaterMove, details?: MoveDetails): Promise<boolean> {
    const { attempt } = await this.read(order);
    return this.fixture.orders.move(order.teamId, order.id, move, attempt, details);
  }

  async read({ teamId, id }: Key): Promise<VendorOrder> {
    const found = await this.fixture.orders.find(teamId, id);
    if (!found) throw new Error('There is no such order.');
    return found;
  }

  mark({ teamId, id }: Key): Promise<void> {
    return this.fixture.orders.markDoNotSend(teamId, id);
  }
}
