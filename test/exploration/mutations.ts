import type { Connection } from '../../src/contexts/integrations/domain/connection.js';
import { PostgresVendorOrders } from '../../src/contexts/integrations/adapters/postgres/postgres-vendor-orders.js';
import { PostgresUnknownOutcomes } from '../../src/contexts/integrations/adapters/postgres/postgres-unknown-outcomes.js';
import {
  type OrderGuard,
  type OrderMove,
  orderMoves,
  type OrderState,
  type VendorOrder,
} from '../../src/contexts/integrations/domain/vendor-order.js';
import type { AttemptLimits, ClaimAnswer, MoveDetails } from '../../src/contexts/integrations/domain/vendor-orders.js';

interface Move {
  from: readonly OrderState[];
  to: OrderState;
  onlyIf?: readonly OrderGuard[];
}

/** Runs with another table of moves in place of the production one, for that run only. */
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

/** Forgets which attempt a move belongs to. */
export class UnfencedOrders extends PostgresVendorOrders {
  override move(
    teamId: string,
    id: string,
    move: Exclude<OrderMove, 'claim'>,
    _attempt: number | null,
    details?: MoveDetails,
  ): Promise<boolean> {
    return super.move(teamId, id, move, null, details);
  }
}

/** Believes that a list shows everything at once. */
export class ImpatientOrders extends PostgresVendorOrders {
  override claim(teamId: string, id: string, connection: Connection, limits: AttemptLimits): Promise<ClaimAnswer> {
    return super.claim(teamId, id, connection, { ...limits, visibilityLagSeconds: 0 });
  }
}

/** Takes the first list without the order for a proof. */
export class CredulousUnknownOutcomes extends PostgresUnknownOutcomes {
  override async noteAbsence(order: VendorOrder, at: Date): Promise<{ proved: boolean } | null> {
    return (await super.noteAbsence(order, at)) && { proved: true };
  }
}
