import type pg from 'pg';
import type { RunningApp } from './app.js';
import { aTeam, type Person } from './people.js';
import type { Sandbox } from './sandbox.js';
import type { SandboxAccount } from './sandbox.js';
import { anAccount, connect } from './fixtures.js';

export const certn = '/integrations/certn';

/** The fields of `GET /integrations/certn` that tests use. */
export interface Shown {
  state: string;
  region: string | null;
  environment: string | null;
  api_key: {
    saved: boolean;
    last4: string | null;
    saved_at: string | null;
    saved_by: { id: string; name: string } | null;
    expires_at: string | null;
  };
  webhook_secret_key: {
    saved: boolean;
    last4: string | null;
    saved_at: string | null;
    previous_accepted_until: string | null;
  };
  webhook_url: string;
  health: { last_call_at: string | null; last_error: { reason: string } | null; budget: { used_today: number } };
  setup_steps: string[];
}
export interface Refusal {
  code: number;
  reason: string;
  message: string;
  errors: { json?: Record<string, string[]> };
}

export interface ConnectionRow {
  id: string;
  current: boolean;
  account_key: string;
}

/** The rows of a team's connections, oldest first. */
export async function connectionsOf(database: pg.Client, teamId: string): Promise<ConnectionRow[]> {
  const sql = 'select id, current, account_key from integrations.connection where team_id = $1 order by created_at';
  return (await database.query<ConnectionRow>(sql, [teamId])).rows;
}

export const shown = async (admin: Person): Promise<Shown> => (await admin.get<Shown>(certn)).body;

/** The audit entries about the team's connections, oldest first. */
export async function auditOf(admin: Person): Promise<string[]> {
  const lines = await admin.get<{ action: string; outcome: string }[]>('/audit_log?entity=integration');
  return lines.body.map(({ action, outcome }) => `${action} ${outcome}`).reverse();
}

export async function aConnection(
  app: RunningApp,
  sandbox: Sandbox,
): Promise<{ teamId: string; admin: Person; account: SandboxAccount }> {
  const { teamId, admin } = await aTeam(app);
  const account = await anAccount(sandbox);
  await connect(admin, account);
  return { teamId, admin, account };
}
