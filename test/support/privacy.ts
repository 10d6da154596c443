import type { RunningApp } from './app.js';
import { rowsWith } from './every-row.js';
import { eventually } from './eventually.js';
import { withDatabase } from './scheduled-tasks.js';
import { type ConnectedTeam, type ReadyToSend, readyToSend, send } from './fixtures.js';

/** A candidate whose identifying values are unique, so that a dump can be searched for them. */
export interface IdentifiableCandidate extends ReadyToSend {
  email: string;
  /** Values that must not be found anywhere after anonymising. */
  identifyingValues: string[];
}

let count = 0;

/** A candidate with a unique name, two addresses, a phone and a customer id, ready to be sent a check. */
export async function anIdentifiableCandidate(team: ConnectedTeam): Promise<IdentifiableCandidate> {
  count += 1;
  const unique = `${Date.now().toString(36)}x${count}`;
  const [first, last, externalId] = [`Zebedee${unique}`, `Quux${unique}`, `hris-${unique}-id`];
  const [email, home, phone] = [
    `zeb.${unique}@canary.example`,
    `q.${unique}@home.example`,
    `+44 20 ${Date.now()}${count}`,
  ];
  const line = {
    type: 'candidate',
    external_id: externalId,
    first_name: first,
    last_name: last,
    email_addresses: [{ value: email, is_primary: true }, { value: home }],
    phone_numbers: [{ value: phone }],
  };
  const { id: candidateId } = await inTurn(() => imports(team, line));
  const ready = await readyToSend(team, { candidateId });
  return { ...ready, email, identifyingValues: [first, last, externalId, email, home, phone] };
}

async function imports(team: ConnectedTeam, line: object): Promise<{ id: string }> {
  const type = { 'content-type': 'application/x-ndjson' };
  const { body } = await team.admin.post<string>('/imports', JSON.stringify(line), type);
  return JSON.parse(body.trim()) as { id: string };
}

let lastImport: Promise<unknown> = Promise.resolve();

/** A team may run two imports at a time, and test scenarios run in parallel. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = lastImport.then(work);
  lastImport = result.catch(() => undefined);
  return result;
}

/** Sends them a check. After it has a case, `isCase` adds the case's ids to the identifying values. */
export async function sendTo(team: ConnectedTeam, to: IdentifiableCandidate, more = {}, headers = {}): Promise<string> {
  const answer = await send(team.admin, to, more, headers);
  if (answer.status !== 201) throw new Error(`sending answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

export async function isCase(team: ConnectedTeam, of: IdentifiableCandidate, caseId: string): Promise<void> {
  const { short_id } = await team.sandbox.control.case(caseId);
  of.identifyingValues.push(caseId, short_id);
}

export async function anonymise(
  team: ConnectedTeam,
  { candidateId }: Pick<IdentifiableCandidate, 'candidateId'>,
): Promise<void> {
  const { status, body } = await team.admin.post(`/candidates/${candidateId}/anonymise`);
  if (status !== 204) throw new Error(`anonymising answered ${status}: ${JSON.stringify(body)}`);
}

/** The promise is that within twenty seconds nothing is left anywhere. */
export async function isErased(
  app: Pick<RunningApp, 'databaseUrl'>,
  { identifyingValues }: IdentifiableCandidate,
  withinMs = 20_000,
): Promise<void> {
  await eventually(
    'no identifying value is left in the database',
    () => rowsWith(app.databaseUrl, identifyingValues),
    (rows) => rows.length === 0,
    withinMs,
  );
}

/** The fields of a check that are empty after its candidate is anonymised. */
export const erasedCheck = {
  sent_to: null,
  results_url: null,
  result: null,
  vendor: { case_id: null, short_id: null, score: null, portal_url: null },
  available_actions: [],
};

export interface Proof {
  candidate_id: string;
  by: { id: string } | null;
  checks: { package: string; outcome: string; count: number }[];
}

/** The proof of anonymising, which does not exist before. */
export async function proofsOf(team: Pick<ConnectedTeam, 'admin'>, candidateId: string): Promise<Proof[]> {
  const { body } = await team.admin.get<Proof[]>('/erasures');
  return body.filter((proof) => proof.candidate_id === candidateId);
}

/** Moves the candidate's creation and the end of their applications back by that interval. */
export const backdateCandidate = (
  app: Pick<RunningApp, 'databaseUrl'>,
  candidateId: string,
  interval: string,
): Promise<unknown> =>
  withDatabase(app, async (db) => {
    for (const statement of [
      'update hiring.candidate set created_at = created_at - $2::interval where id = $1',
      'update hiring.application set closed_at = closed_at - $2::interval where candidate_id = $1',
    ])
      await db.query(statement, [candidateId, interval]);
  });

/** Moves the start of the team's retention rule back by that interval. */
export const ruleSince = (app: Pick<RunningApp, 'databaseUrl'>, teamId: string, interval: string): Promise<unknown> =>
  withDatabase(app, (db) =>
    db.query('update hiring.retention_rule set since = since - $2::interval where team_id = $1', [teamId, interval]),
  );

/** Starts the team's daily retention run now. */
export const retentionRunIsDue = (app: Pick<RunningApp, 'databaseUrl'>, teamId: string): Promise<unknown> =>
  withDatabase(app, (db) =>
    db.query(`update hiring.retention_rule set due_at = now() - interval '1 second' where team_id = $1`, [teamId]),
  );

/** Moves the last status change of that check back by that interval. */
export const checkEndedAgo = (app: Pick<RunningApp, 'databaseUrl'>, id: string, interval: string): Promise<unknown> =>
  withDatabase(app, (db) =>
    db.query(
      `update background_checks.background_check set status_changed_at = status_changed_at - $2::interval where id = $1`,
      [id, interval],
    ),
  );

const ofResultRule =
  (change: string) =>
  (app: Pick<RunningApp, 'databaseUrl'>, ...values: string[]) =>
    withDatabase(app, (db) =>
      db.query(`update background_checks.result_retention_rule set ${change} where team_id = $1`, values),
    );

/** Moves the start of the team's result retention rule back by that interval. */
export const resultRuleSince = ofResultRule('since = since - $2::interval');

/** Starts the team's daily result retention run now. */
export const resultRunIsDue = ofResultRule('due_at = now()');
