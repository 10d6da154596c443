import pg from 'pg';
import type { RunningApp } from './app.js';
import type { SandboxControl, SandboxRequest } from './sandbox.js';
import { eventually } from './eventually.js';
import { aCandidate, anApplication, type ConnectedTeam, readCheck, readyToSend, send } from './fixtures.js';

/** The database of an app, for tests that let time pass. They move due times instead of waiting. */
export async function withDatabase<T>(
  app: Pick<RunningApp, 'databaseUrl'>,
  work: (db: pg.Client) => Promise<T>,
): Promise<T> {
  const db = new pg.Client({ connectionString: app.databaseUrl });
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end();
  }
}

/** Starts a team's scheduled task of that kind now, from its beginning. A step in progress no longer stores its result. */
export function taskIsDue(app: Pick<RunningApp, 'databaseUrl'>, teamId: string, kind: string): Promise<unknown> {
  const sql = `update integrations.scheduled_task set due_at = now(), was_due = now(), progress = '{}'
               where team_id = $1 and kind = $2`;
  return withDatabase(app, (db) => db.query(sql, [teamId, kind]));
}

/** Postpones a team's scheduled task of that kind, and waits until a step in progress has ended. */
export function postponeTask(app: Pick<RunningApp, 'databaseUrl'>, teamId: string, kind: string): Promise<unknown> {
  const sql = `update integrations.scheduled_task set due_at = now() + interval '1 hour', was_due = now()
               where team_id = $1 and kind = $2`;
  const steps = `select count(*)::int as n from queue.job where name like '%/do-step' and state < 'completed'
                 and data->>'teamId' = $1 and data->>'kind' = $2`;
  return withDatabase(app, async (db) => {
    await db.query(sql, [teamId, kind]);
    await eventually(
      `no step of the ${kind} is in progress`,
      async () => (await db.query<{ n: number }>(steps, [teamId, kind])).rows[0]?.n,
      (n) => n === 0,
    );
  });
}

/** The progress of a team's scheduled task. */
export async function progressOf(
  app: Pick<RunningApp, 'databaseUrl'>,
  teamId: string,
  kind: string,
): Promise<Record<string, unknown>> {
  const sql = 'select progress from integrations.scheduled_task where team_id = $1 and kind = $2';
  const found = await withDatabase(app, (db) => db.query<{ progress: object }>(sql, [teamId, kind]));
  return { ...found.rows[0]?.progress };
}

/** Moves the times of a team's cases and events back, as if that interval had passed since the last contact. */
export function timePasses(app: Pick<RunningApp, 'databaseUrl'>, teamId: string, interval: string): Promise<unknown> {
  const shifts = [
    'update integrations.vendor_case set read_at = read_at - $2::interval, confirmed_at = confirmed_at - $2::interval where team_id = $1',
    `update integrations.inbound_event set received_at = received_at - $2::interval, announced_at = announced_at - $2::interval
     where team_id = $1`,
    'update integrations.missed_webhooks set first_missed_at = first_missed_at - $2::interval where team_id = $1',
  ];
  return withDatabase(app, async (db) => {
    for (const shift of shifts) await db.query(shift, [teamId, interval]);
  });
}

/** As if Certn had switched the webhook off without notification, or on again. */
export async function switchWebhook({ sandbox, account }: ConnectedTeam, enabled: boolean): Promise<void> {
  const { webhooks } = await sandbox.control.account(account.id);
  for (const hook of webhooks) await sandbox.control.enableWebhook(account.id, hook.id, enabled);
}

/** Makes one route of Certn answer only errors for this team. */
export function failRoute({ sandbox, account }: ConnectedTeam, route: string): Promise<unknown> {
  return sandbox.control.fault({ account: account.id, route, kind: 'status', status: 400, times: null });
}

const caseRead = /\/api\/public\/cases\/([^/?]+)\/$/;

/** How often each case was read individually, from the vendor's log. */
export async function caseReadsOf(
  control: SandboxControl,
  query: { account: string; since?: number },
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { method, path } of await control.requests(query)) {
    const caseId = method === 'GET' ? caseRead.exec(path)?.[1] : undefined;
    if (caseId) counts.set(caseId, (counts.get(caseId) ?? 0) + 1);
  }
  return counts;
}

export const pathsOf = (requests: SandboxRequest[]): string[] =>
  requests.map(({ method, path }) => `${method} ${path}`);

/** Checks of one activity whose candidates have been invited. */
export async function manyChecks(team: ConnectedTeam, count: number): Promise<{ id: string; caseId: string }[]> {
  const { jobId, itemId } = await readyToSend(team);
  const sendOne = async (): Promise<string> => {
    const applicationId = await anApplication(team.admin, await aCandidate(team.admin), jobId);
    const answer = await send(team.admin, { applicationId, itemId });
    if (answer.status !== 201) throw new Error(`sending answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  const ids: string[] = [];
  // A busy service may refuse one for a moment.
  while (ids.length < count) ids.push(await eventually('a check is sent', sendOne, () => true));
  const checks: { id: string; caseId: string }[] = [];
  for (const id of ids) {
    const check = await eventually(
      'the check is invited',
      () => readCheck(team, id),
      ({ status }) => status === 'invited',
      120_000,
    );
    checks.push({ id, caseId: check.vendor.case_id ?? '' });
  }
  return checks;
}
