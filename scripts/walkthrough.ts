import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { larkspur } from './demo-data.ts';
import { type Account, prepareAccount, registerWebhook, signIn } from './demo-load.ts';
import { Api, until } from './http.ts';
import { CannotStart, dataFolder, readAddresses } from './local-run.ts';
import { type Check, followUpdates } from './walkthrough-updates.ts';
import { expect, heading, note, Teller } from './walkthrough-teller.ts';

/** Walks through the specification, section by section, as the admin of the team that is not connected yet. */
interface Walk {
  admin: Teller;
  service: string;
  sandbox: string;
  account: Account;
}

interface Named {
  id: string;
  name: string;
}
interface Item {
  id: string;
  type: string;
  display_name: string;
  package: Named | null;
}
interface Stage extends Named {
  items: Item[];
}
interface PlanItem extends Item {
  can_send: boolean;
  background_checks: Check[];
}
interface Application {
  id: string;
  candidate_id: string;
  candidate: { first_name: string; last_name: string };
  current_stage: Named | null;
}

async function enable({ admin, service, sandbox, account }: Walk): Promise<void> {
  heading('Enable the integration');
  const colleague = await signInTeller(service, larkspur.colleagues[0]?.email ?? '');
  await colleague.refused(403, 'PUT', '/integrations/certn', { api_key: 'x', webhook_secret_key: 'y' });
  note('Only admins can enable it.');
  const before = await admin.get<{ state: string; webhook_url: string; setup_steps: string[] }>('/integrations/certn');
  for (const step of before.setup_steps) note(step);
  note(`In Certn (the stand-in): the webhook URL ${before.webhook_url} is pasted; Certn tries it with a challenge.`);
  await registerWebhook(sandbox, account, before.webhook_url);
  const keys = { api_key: ` ${account.api_key}\n`, webhook_secret_key: account.webhook_secret };
  const after = await admin.put<{ state: string; api_key: { saved: boolean } }>('/integrations/certn', keys);
  expect(after.state === 'enabled' && after.api_key.saved, 'Save & close: Certn is enabled');
}

async function plan({ admin }: Walk): Promise<{ job: Named; item: Item }> {
  heading('Add a Certn background check to an interview stage');
  const [job] = await admin.get<Named[]>('/jobs?search=developer');
  if (!job) throw new Error('The job "Software Developer" is not there.');
  const stages = await admin.get<Stage[]>(`/jobs/${job.id}/stages`);
  const stage =
    stages.find((one) => one.name === 'Background check') ??
    (await admin.post<Stage>(`/jobs/${job.id}/stages`, { name: 'Background check' }));
  const types = await admin.get<{ label: string }[]>('/activity_types');
  expect(
    types.some((type) => type.label === 'Certn background check'),
    'Add activity offers "Certn background check"',
  );
  const packages = await admin.get<Named[]>('/integrations/certn/packages');
  expect(packages.length > 0, 'the packages are those of the Certn account');
  const item =
    stage.items.find((one) => one.type === 'background_check') ??
    (await admin.post<Item>(`/job_stages/${stage.id}/items`, {
      type: 'background_check',
      vendor: 'certn',
      package_id: packages[0]?.id,
    }));
  expect(item.display_name === 'Send Certn background check', `the activity is called "${item.display_name}"`);
  return { job, item };
}

async function send(walk: Walk, job: Named, item: Item): Promise<Check> {
  heading('Send a Certn background check to a candidate');
  const { admin, sandbox, account } = walk;
  const application = await someoneFree(admin, job, item);
  const { first_name, last_name } = application.candidate;
  await admin.get(`/candidates?search=${encodeURIComponent(last_name)}`);
  note(`${first_name} ${last_name} is at "${application.current_stage?.name}", not at the background check stage.`);
  const check = await admin.post<Check>(`/applications/${application.id}/background_checks`, {
    job_stage_item_id: item.id,
  });
  expect(
    check.package.id === item.package?.id,
    `without a choice the activity's package is sent: ${check.package.name}`,
  );
  await admin.refused(409, 'POST', `/applications/${application.id}/background_checks`, { job_stage_item_id: item.id });
  note('A second click sends nothing.');
  const control = new Api(`${sandbox}/control`);
  const mail = await until('Certn e-mails the candidate', async () => {
    const query = `account=${account.id}&email=${encodeURIComponent(check.sent_to)}`;
    const mails = await control.get<{ kind: string; subject: string; to: string }[]>(`/mailbox?${query}`);
    return mails.find((one) => one.kind === 'invitation');
  });
  expect(mail.to === check.sent_to, `Certn e-mailed ${mail.to}: "${mail.subject}"`);
  return check;
}

/** An active application whose candidate has an address and no check in progress. */
async function someoneFree(admin: Teller, job: Named, item: Item): Promise<Application> {
  for (const application of await admin.get<Application[]>(`/applications?job_id=${job.id}&status=active`)) {
    const stages = await admin.get<{ items: PlanItem[] }[]>(`/applications/${application.id}/interview_plan`);
    const planned = stages.flatMap((stage) => stage.items).find((one) => one.id === item.id);
    if (planned?.can_send) return application;
  }
  throw new Error(`No candidate in "${job.name}" can be sent a check any more: delete .data/ and start again.`);
}

async function view({ admin, sandbox, service }: Walk, sent: Check): Promise<void> {
  heading('View Certn background check status');
  const updates = await followUpdates(`${service}/ats/v0/updates`, admin.token, sent.id);
  const current = (): Promise<Check> => admin.quiet.get<Check>(`/background_checks/${sent.id}`);
  const caseId = await until('Certn opens the case', async () => (await current()).vendor.case_id ?? undefined);
  await until('the candidate is invited', async () => (await current()).status === 'invited' || undefined);
  note(`Certn's case is ${caseId}. The candidate and Certn now act at the stand-in.`);
  for (const [move, status] of steps) {
    await new Api(`${sandbox}/control`).post(`/cases/${caseId}/${move}`, move === 'complete' ? { score: 'CLEAR' } : {});
    const seen = await updates.next(status);
    note(`Certn: ${move.padEnd(9)} → the check is now "${seen.status_label}"`);
  }
  updates.close();
  const done = await until('the result arrives', async () => {
    const check = await current();
    return check.result === null ? undefined : check;
  });
  expect(done.result === 'clear', `the result is "${done.result_label}"`);
  expect(done.results_url !== null, `Results URL: ${done.results_url}`);
  await savePdf(admin, done);
}

const steps = [
  ['open', 'opened'],
  ['start', 'started'],
  ['submit', 'submitted'],
  ['progress', 'in_progress'],
  ['complete', 'complete'],
] as const;

async function savePdf(admin: Teller, check: Check): Promise<void> {
  const pdf = await admin.download(`/background_checks/${check.id}/results`);
  expect(pdf.subarray(0, 5).toString() === '%PDF-', 'the results are a PDF');
  const file = join(dataFolder, 'walkthrough.pdf');
  writeFileSync(file, pdf);
  note(`Saved as ${file}`);
}

async function signInTeller(service: string, email: string): Promise<Teller> {
  const { token = '' } = await signIn(service, email);
  return new Teller(`${service}/ats/v0`, token);
}

async function walk(): Promise<void> {
  const { service, sandbox } = readAddresses();
  const admin = await signInTeller(service, larkspur.admin.email).catch(() => {
    throw new CannotStart(`Nothing answers at ${service}: run "npm start" in another terminal and come back.`);
  });
  const account = await prepareAccount(sandbox, larkspur);
  const here = { admin, service, sandbox, account };
  await enable(here);
  const { job, item } = await plan(here);
  await view(here, await send(here, job, item));
  heading('Every step of the specification was done');
}

await walk().catch((error: unknown) => {
  console.error(`\nFAILED: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
