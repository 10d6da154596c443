import { sql } from 'kysely';
import type { OrderState, VendorOrder, WaitingFor } from '../../domain/vendor-order.js';

/** Two healthy lists did not show the order, the last of them after its visibility lag (docs/reliability.md). */
export const provedAbsent = sql<boolean>`(absences >= 2 and absent_at > visible_at)`;

/** An order's row as raw SQL returns it. */
export interface OrderRow {
  team_id: string;
  id: string;
  connection_id: string;
  package_id: string;
  email: string;
  state: OrderState;
  attempt: number;
  deadline: string | null;
  message: string | null;
  waiting_for: WaitingFor | null;
  case_id: string | null;
  do_not_send: boolean;
  unknown_since: string | null;
  visible_at: string | null;
  reconciliations: number;
  resends: number;
  reconcile_at: string | null;
  candidates: string[];
  refused_cases: string[];
}

const maybeDate = (time: string | null): Date | null => (time === null ? null : new Date(time));

export const toOrder = (row: OrderRow): VendorOrder => ({
  teamId: row.team_id,
  id: row.id,
  connectionId: row.connection_id,
  packageId: row.package_id,
  email: row.email,
  state: row.state,
  attempt: row.attempt,
  deadline: maybeDate(row.deadline),
  message: row.message,
  waitingFor: row.waiting_for,
  caseId: row.case_id,
  doNotSend: row.do_not_send,
  unknownSince: maybeDate(row.unknown_since),
  visibleAt: maybeDate(row.visible_at),
  reconciliations: row.reconciliations,
  resent: row.resends > 0,
  reconcileAt: maybeDate(row.reconcile_at),
  candidates: row.candidates,
  refusedCases: row.refused_cases,
});
