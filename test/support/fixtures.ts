import type { RunningApp } from './app.js';
import { eventually } from './eventually.js';
import { aTeam, type Answer, type Person } from './people.js';
import type { Sandbox } from './sandbox.js';
import type { SandboxAccount } from './sandbox.js';

/** A team with its own account at the stand-in, connected, and registered for its webhooks. */
export interface ConnectedTeam {
  teamId: string;
  admin: Person;
  account: SandboxAccount;
  sandbox: Sandbox;
  /** The first package of the account. `packages` holds all of them. */
  packageId: string;
  packages: { id: string; name: string }[];
}

export interface Check {
  id: string;
  status: string;
  vendor: { case_id: string | null; status: string | null };
}

let count = 0;
const unique = (): string => `${Date.now().toString(36)}-${(count += 1)}`;

function expectStatus<T>(answer: Answer<T>, status: number, what: string): T {
  if (answer.status === status) return answer.body;
  throw new Error(`${what} answered ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
}

/** An account at the stand-in without a rate limit. */
export function anAccount(sandbox: Sandbox, settings: Record<string, unknown> = {}): Promise<SandboxAccount> {
  return sandbox.control.createAccount({
    name: `account ${unique()}`,
    packages: [{ name: 'Basic' }, { name: 'Criminal and credit' }],
    settings: { enforce_rate_limit: false, ...settings },
  });
}

export async function connect(admin: Person, account: SandboxAccount): Promise<void> {
  const secrets = { api_key: account.api_key, webhook_secret_key: account.webhook_secret };
  expectStatus(await admin.put('/integrations/certn', secrets), 200, 'connecting');
}

export async function connectedTeam(
  app: RunningApp,
  sandbox: Sandbox,
  settings: Record<string, unknown> = {},
): Promise<ConnectedTeam> {
  const { teamId, admin } = await aTeam(app, `Team ${unique()}`);
  const account = await anAccount(sandbox, settings);
  await connect(admin, account);
  await sandbox.control.registerWebhook(account.id, `${app.url}/certn/certnWebhookHandler`);
  const packages = account.packages.map(({ id, name }) => ({ id, name }));
  const packageId = packages[0]?.id ?? '';
  return { teamId, admin, account, sandbox, packageId, packages };
}

export async function aJob(admin: Person, more: Record<string, unknown> = {}): Promise<string> {
  return expectStatus(await admin.post<{ id: string }>('/jobs', { name: `Job ${unique()}`, ...more }), 201, 'jobs').id;
}

export async function aStage(person: Person, jobId: string, name: string): Promise<string> {
  return expectStatus(await person.post<{ id: string }>(`/jobs/${jobId}/stages`, { name }), 201, 'stages').id;
}

/** Adds a Certn activity with that package to that stage. */
export async function aCertnItem(person: Person, stageId: string, packageId: string): Promise<string> {
  const item = { type: 'background_check', vendor: 'certn', package_id: packageId };
  return expectStatus(await person.post<{ id: string }>(`/job_stages/${stageId}/items`, item), 201, 'items').id;
}

export async function aTask(person: Person, stageId: string, title = 'Call the reference'): Promise<string> {
  const item = { type: 'task', title };
  return expectStatus(await person.post<{ id: string }>(`/job_stages/${stageId}/items`, item), 201, 'items').id;
}

export async function aCandidate(admin: Person, email: string | null = `ada-${unique()}@example.org`): Promise<string> {
  const candidate = {
    first_name: 'Ada',
    last_name: 'Example',
    ...(email === null ? {} : { email_addresses: [{ value: email, is_primary: true }] }),
  };
  return expectStatus(await admin.post<{ id: string }>('/candidates', candidate), 201, 'candidates').id;
}

export async function anApplication(admin: Person, candidateId: string, jobId: string): Promise<string> {
  const application = { candidate_id: candidateId, job_id: jobId };
  return expectStatus(await admin.post<{ id: string }>('/applications', application), 201, 'applications').id;
}

/** Everything that a send needs: a job with a plan, and an active application in its first stage. */
export interface ReadyToSend {
  jobId: string;
  stageId: string;
  itemId: string;
  candidateId: string;
  applicationId: string;
}

export async function readyToSend(
  team: ConnectedTeam,
  options: { email?: string | null; jobId?: string; candidateId?: string } = {},
): Promise<ReadyToSend> {
  const jobId = options.jobId ?? (await aJob(team.admin));
  await aStage(team.admin, jobId, 'Phone screen');
  const stageId = await aStage(team.admin, jobId, 'Background check');
  const itemId = await aCertnItem(team.admin, stageId, team.packageId);
  const candidateId = options.candidateId ?? (await aCandidate(team.admin, options.email));
  const applicationId = await anApplication(team.admin, candidateId, jobId);
  return { jobId, stageId, itemId, candidateId, applicationId };
}

export function send(
  person: Person,
  ready: Pick<ReadyToSend, 'applicationId' | 'itemId'>,
  more: Record<string, unknown> = {},
  headers?: Record<string, string>,
): Promise<Answer<Check>> {
  const body = { job_stage_item_id: ready.itemId, ...more };
  return person.post<Check>(`/applications/${ready.applicationId}/background_checks`, body, headers);
}

export async function readCheck(team: { admin: Person }, checkId: string): Promise<Check> {
  return expectStatus(await team.admin.get<Check>(`/background_checks/${checkId}`), 200, 'reading the check');
}

export const statusOf = async (team: { admin: Person }, checkId: string): Promise<string> =>
  (await readCheck(team, checkId)).status;

/** Waits until the check has that status, and returns the check. */
export function reaches(team: { admin: Person }, checkId: string, status: string, withinMs?: number): Promise<Check> {
  return eventually(
    `the check is ${status}`,
    () => readCheck(team, checkId),
    (check) => check.status === status,
    withinMs,
  );
}

/** A check whose candidate has been invited. */
export async function aSentCheck(
  team: ConnectedTeam,
  options: { email?: string } = {},
): Promise<{ id: string; caseId: string } & ReadyToSend> {
  const ready = await readyToSend(team, options);
  const { id } = expectStatus(await send(team.admin, ready), 201, 'sending');
  const check = await reaches(team, id, 'invited');
  return { ...ready, id, caseId: check.vendor.case_id ?? '' };
}

/** Plays the candidate and Certn until the case is complete. */
export async function completes(team: ConnectedTeam, caseId: string, score: string | null = 'CLEAR'): Promise<void> {
  for (const action of ['open', 'start', 'submit', 'progress']) await team.sandbox.control.act(caseId, action);
  await team.sandbox.control.act(caseId, 'complete', { score });
}
