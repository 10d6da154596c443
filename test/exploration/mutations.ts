import type { Connection } from '../../src/contexts/integrations/connections/domain/connection.js';
import { PostgresUnknownOutcomes } from '../../src/contexts/integrations/orders/adapters/postgres/postgres-unknown-outcomes.js';
import { PostgresVendorOrders } from '../../src/contexts/integrations/orders/adapters/postgres/postgres-vendor-orders.js';
import {
  type OrderGuard,
  type OrderMove,
  orderMoves,
  type OrderState,
  type VendorOrder,
} from '../../src/contexts/integrations/orders/domain/vendor-order.js';
import type {
  AttemptLimits,
  ClaimAnswer,
  ClaimMove,
  MoveDetails,
} from '../../src/contexts/integrations/orders/domain/vendor-orders.js';

interface Move {
  from: readonly OrderState[];
  to: OrderState;
  onlyIf?: readonly OrderGuard[];
}

/** Changes the production table of moves for one run. */
export async function withMoves<T>(
  changed: Partial<Record<OrderMove, Partial<Move>>>,
  run: () => Promise<T>,
): Promise<T> {
  const table: Record<OrderMove, Move> = orderMoves;
  const kept = structuredClone(table);
  for (const [move, change] of Object.entries(changed)) Object.assign(table[move as OrderMove], change);
  try {
    return await run();
  } finally {
    for (const move of Object.keys(kept) as OrderMove[]) {
      delete table[move].onlyIf;
      Object.assign(table[move], kept[move]);
    }
  }
}

/** Ignores which attempt a move belongs to. */
export class UnfencedOrders extends PostgresVendorOrders {
  override move(
    teamId: string,
    id: string,
    move: Exclude<OrderMove, ClaimMove>,
    _attempt: number | null,
    details?: MoveDetails,
  ): Promise<boolean> {
    return super.move(teamId, id, move, null, details);
  }
}

/** Assumes that a list shows a new case at once. */
export class NoVisibilityLagOrders extends PostgresVendorOrders {
  override claim(teamId: string, id: string, connection: Connection, limits: AttemptLimits): Promise<ClaimAnswer> {
    return super.claim(teamId, id, connection, { ...limits, visibilityLagSeconds: 0 });
  }
}

/** Treats the first list without the order as proof of absence. */
export class TrustingUnknownOutcomes extends PostgresUnknownOutcomes {
  override async noteAbsence(order: VendorOrder, at: Date): Promise<{ proved: boolean } | null> {
    return (await super.noteAbsence(order, at)) && { proved: true };
  }
}
