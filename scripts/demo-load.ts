import { Api, UnexpectedAnswer, until } from './http.ts';
import { type DemoTeam, lives } from './demo-data.ts';

/** The stand-in's account in its control API, with the fields that the demo needs. */
export interface Account {
  id: string;
  name: string;
  api_key: string;
  webhook_secret: string;
  webhooks: { id: string; url: string }[];
}

interface Named {
  id: string;
  name: string;
}

interface Person extends Named {
  email: string;
}

export interface Check {
  id: string;
  status: string;
  sent_to: string;
  vendor: { case_id: string | null };
}

interface Application {
  id: string;
  candidate_id: string;
  job_id: string;
}

type Report = (step: string) => void;

/** Signs in as a demo user and returns an API client. */
export async function signIn(service: string, email: string): Promise<Api> {
  const root = new Api(service);
  const person = (await root.get<Person[]>('/dev/users')).find((one) => one.email === email);
  if (!person) throw new Error(`There is no demo person ${email}.`);
  const { access_token } = await root.post<{ access_token: string }>('/dev/sign-in', { user_id: person.id });
  return new Api(`${service}/ats/v0`, access_token);
}

/** Creates the team's account at the stand-in, with its webhook pointing to the service. Idempotent. */
export async function prepareAccount(sandbox: string, team: DemoTeam): Promise<Account> {
  const control = new Api(`${sandbox}/control`);
  return control.post<Account>('/accounts', {
    name: team.account,
    packages: team.packages,
    settings: { show_package: true },
  });
}

/** Does what a customer does in Certn's settings: enters the webhook URL, which Certn then verifies. */
export async function registerWebhook(sandbox: string, account: Account, url: string): Promise<void> {
  const control = new Api(`${sandbox}/control`);
  const path = `/accounts/${account.id}/webhooks`;
  const known = account.webhooks.find((webhook) => webhook.url === url);
  if (known) await control.post(`${path}/${known.id}/handshake`);
  else await control.post(path, { url });
}

/** Loads jobs, candidates and applications through the import, and colleagues through the API. */
export async function fill(admin: Api, team: DemoTeam, report: Report): Promise<void> {
  report(`${team.name}: importing ${team.lines.length} lines`);
  const results = await admin.post<string>('/imports', team.lines.map((line) => JSON.stringify(line)).join('\n'));
  const failed = results.split('\n').find((line) => line.includes('"failed"'));
  if (failed !== undefined) throw new Error(`The import of the demo data was refused: ${failed}`);
  for (const { job, permissions, ...colleague } of team.colleagues) {
    const user = await addOrFind(admin, colleague);
    if (job === undefined) continue;
    const found = await jobCalled(admin, job);
    await admin.put(`/jobs/${found.id}/permissions`, [{ user_id: user.id, permissions }]);
  }
}

async function addOrFind(admin: Api, colleague: { email: string }): Promise<Person> {
  const known = (await admin.get<Person[]>('/users?per_page=500')).find((user) => user.email === colleague.email);
  return known ?? admin.post<Person>('/users', colleague);
}

async function jobCalled(admin: Api, name: string): Promise<Named> {
  const found = (await admin.get<Named[]>(`/jobs?search=${encodeURIComponent(name)}`))[0];
  if (!found) throw new Error(`The demo job "${name}" is not there.`);
  return found;
}

/** Connects the team, plans checks in three jobs, sends some, and makes the stand-in process them. */
export async function enliven(admin: Api, sandbox: string, account: Account, report: Report): Promise<void> {
  report('connecting Certn');
  const keys = { api_key: account.api_key, webhook_secret_key: account.webhook_secret };
  const { webhook_url } = await admin.put<{ webhook_url: string }>('/integrations/certn', keys);
  await registerWebhook(sandbox, account, webhook_url);
  report('adding background checks to interview plans');
  const plans: Plan[] = [];
  for (const [job, pack] of [
    ['Warehouse Lead', 'Basic'],
    ['Registered Nurse', 'Healthcare'],
    ['Delivery Driver', 'Driver'],
  ] as const) {
    plans.push(await planned(admin, job, pack));
  }
  const checks = await sendSome(admin, plans, report);
  await play(admin, sandbox, checks, report);
}

interface Plan {
  job: Named;
  item: { id: string };
}

async function planned(admin: Api, jobName: string, packageName: string): Promise<Plan> {
  const job = await jobCalled(admin, jobName);
  const stages = await admin.get<(Named & { items: { id: string; type: string }[] })[]>(`/jobs/${job.id}/stages`);
  const stage = stages.find((one) => one.name === 'Background check');
  if (!stage) throw new Error(`The demo job "${jobName}" has no stage for background checks.`);
  const there = stage.items.find((item) => item.type === 'background_check');
  if (there) return { job, item: there };
  const pack = (await admin.get<Named[]>('/integrations/certn/packages')).find((one) => one.name === packageName);
  const request = { type: 'background_check', vendor: 'certn', package_id: pack?.id };
  return { job, item: await admin.post<{ id: string }>(`/job_stages/${stage.id}/items`, request) };
}

/** Sends one check for each history that the demo shows, from each job in turn, to candidates with an address. */
async function sendSome(admin: Api, plans: Plan[], report: Report): Promise<Check[]> {
  const sent = (await admin.get<Check[]>('/background_checks?per_page=500')).reverse();
  const queues: { item: string; applications: Application[] }[] = [];
  for (const { job, item } of plans) {
    const applications = await admin.get<Application[]>(`/applications?job_id=${job.id}&status=active`);
    queues.push({ item: item.id, applications: applications.reverse() });
  }
  while (sent.length <= lives.length && queues.some((queue) => queue.applications.length > 0)) {
    const queue = queues[sent.length % queues.length];
    const application = queue?.applications.shift();
    if (!queue || !application) break;
    const path = `/applications/${application.id}/background_checks`;
    // Already sent in an earlier, interrupted start, or without an address: continue with the next candidate.
    const check = await admin.post<Check>(path, { job_stage_item_id: queue.item }).catch(unlessRefused);
    if (check) sent.push(check);
    report(`sending background checks: ${sent.length}`);
  }
  return sent;
}

function unlessRefused(error: unknown): undefined {
  if (error instanceof UnexpectedAnswer && [409, 422].includes(error.status)) return undefined;
  throw error;
}

async function play(admin: Api, sandbox: string, checks: Check[], report: Report): Promise<void> {
  const control = new Api(`${sandbox}/control`);
  const left = [...lives];
  for (const [i, { id }] of checks.entries()) {
    const caseId = await until(`Certn opens the case of check ${id}`, async () => {
      const check = await admin.get<Check>(`/background_checks/${id}`);
      return check.vendor.case_id ?? undefined;
    });
    const status = await until(`the invitation of case ${caseId} goes out`, () => delivered(control, caseId));
    if (status !== 'INVITE_UNDELIVERABLE') await live(control, caseId, left.shift());
    report(`playing candidates and Certn: ${i + 1} of ${checks.length}`);
  }
}

async function delivered(control: Api, caseId: string): Promise<string | undefined> {
  const { overall_status: status } = await control.get<{ overall_status: string }>(`/cases/${caseId}`);
  return status === 'CASE_ORDERED' ? undefined : status;
}

async function live(control: Api, caseId: string, { moves, score } = lives[0] ?? { moves: [] }): Promise<void> {
  for (const move of moves) {
    const body = move === 'complete' ? { score } : {};
    // The case is already further: an earlier, interrupted start did this.
    await control.post(`/cases/${caseId}/${move}`, body).catch(unlessRefused);
  }
}
