import { eventually } from './eventually.js';
import type { Answer, Person } from './people.js';
import { aSentCheck, type Check, type ConnectedTeam, reaches, readCheck, type ReadyToSend } from './fixtures.js';

/** The fields of a check that tests of user actions read. */
export interface ShownCheck extends Check {
  sent_to: string;
  package: { id: string; name: string };
  job_stage_item_id: string;
  cancel_requested_at: string | null;
  failure: { reason: string; message: string; candidates?: string[] } | null;
  replaces_id: string | null;
  replaced_by_id: string | null;
  result: string | null;
  result_removed_at: string | null;
  available_actions: string[];
}

export interface HistoryLine {
  revision: number;
  kind: string;
  from: string | null;
  to: string | null;
  by: { id: string } | null;
  source: string;
}

export const shown = async (team: { admin: Person }, id: string): Promise<ShownCheck> =>
  (await readCheck(team, id)) as ShownCheck;

/** Waits until the check is accepted. */
export const shows = (
  team: { admin: Person },
  id: string,
  what: string,
  accept: (check: ShownCheck) => boolean,
  withinMs?: number,
): Promise<ShownCheck> => eventually(`the check shows ${what}`, () => shown(team, id), accept, withinMs);

type Action = 'resend' | 'cancel' | 'refresh' | 'decide';

/** `POST /background_checks/{id}/…` */
export const act = (
  person: Person,
  id: string,
  action: Action,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answer<ShownCheck & { reason: string; errors: { json?: Record<string, string[]> } }>> =>
  person.post(`/background_checks/${id}/${action}`, body, headers);

export async function historyOf(team: { admin: Person }, id: string): Promise<HistoryLine[]> {
  return (await team.admin.get<HistoryLine[]>(`/background_checks/${id}/history`)).body;
}

export interface AuditLine {
  action: string;
  outcome: string;
  actor: { id: string };
  to: Record<string, unknown>;
}

/** The audit entries about one action on a check, oldest first. */
export async function auditOf(team: { admin: Person }, id: string, action: Action): Promise<AuditLine[]> {
  const path = `/audit_log?entity=background_check&entity_id=${id}&action=background_check.${action}`;
  return (await team.admin.get<AuditLine[]>(path)).body.reverse();
}

let count = 0;

/** A check whose candidate never responded, so that it can be resent. */
export async function anExpiredCheck(
  team: ConnectedTeam,
  email = `late-${Date.now().toString(36)}-${(count += 1)}@example.org`,
): Promise<ReadyToSend & { id: string; caseId: string }> {
  const check = await aSentCheck(team, { email });
  await team.sandbox.control.act(check.caseId, 'expire');
  await reaches(team, check.id, 'expired');
  return check;
}
