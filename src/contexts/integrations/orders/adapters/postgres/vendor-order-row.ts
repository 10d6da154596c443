import { sql } from 'kysely';
import type { OrderState, VendorOrder, WaitingFor } from '../../domain/vendor-order.js';

/** Two healthy lists did not show the order, the last of them after its visibility lag (docs/reliability.md). */
export const provedAbsent = sql<boolean>`(absences >= 2 and absent_at > settled_at)`;

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
  never_again: boolean;
  doubted_from: string | null;
  settled_at: string | null;
  looks: number;
  resends: number;
  look_at: string | null;
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
  doNotSend: row.never_again,
  unknownSince: maybeDate(row.doubted_from),
  visibleAt: maybeDate(row.settled_at),
  reconciliations: row.looks,
  resent: row.resends > 0,
  reconcileAt: maybeDate(row.look_at),
  candidates: row.candidates,
  refusedCases: row.refused_cases,
});
