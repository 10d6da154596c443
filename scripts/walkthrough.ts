import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AtsClient, ConflictError, PermissionError, type Schemas } from '../packages/client/src/index.ts';
import { SandboxControl } from '../packages/testkit/src/index.ts';
import { larkspur } from './demo-data.ts';
import { type Account, prepareAccount, registerWebhook, signIn } from './demo-load.ts';
import { until } from './http.ts';
import { CannotStart, dataFolder, readAddresses } from './local-run.ts';
import { expect, expectRefusal, heading, note, tellingClient } from './walkthrough-teller.ts';

type Check = Schemas['CheckResponse'];
type Application = Schemas['ApplicationResponse'];

/** Walks through the specification, section by section, as the admin of the team that is not connected yet. */
interface Walk {
  admin: AtsClient;
  /** The same person, for what is asked again and again: nothing is printed. */
  quiet: AtsClient;
  colleague: AtsClient;
  certn: SandboxControl;
  sandbox: string;
  account: Account;
}

async function enable({ admin, colleague, sandbox, account }: Walk): Promise<void> {
  heading('Enable the integration');
  const wrong = { api_key: 'x', webhook_secret_key: 'y' };
  await expectRefusal(PermissionError, colleague.integrations.save('certn', wrong), 'only admins can enable it');
  const before = await admin.integrations.get('certn');
  for (const step of before.setup_steps) note(step);
  note(`In Certn (the stand-in): the webhook URL ${before.webhook_url} is pasted; Certn tries it with a challenge.`);
  await registerWebhook(sandbox, account, before.webhook_url);
  const keys = { api_key: ` ${account.api_key}\n`, webhook_secret_key: account.webhook_secret };
  const after = await admin.integrations.save('certn', keys);
  expect(after.state === 'enabled' && after.api_key.saved, 'Save & close: Certn is enabled');
}

interface Planned {
  job: Schemas['JobResponse'];
  item: Schemas['ItemResponse'];
}

async function plan({ admin }: Walk): Promise<Planned> {
  heading('Add a Certn background check to an interview stage');
  const [job] = (await admin.jobs.list({ search: 'developer' }).first()).items;
  if (!job) throw new Error('The job "Software Developer" is not there.');
  const stages = await admin.stages.list(job.id);
  const stage =
    stages.find((one) => one.name === 'Background check') ??
    (await admin.stages.create(job.id, { name: 'Background check' }));
  const types = await admin.activities.types();
  expect(
    types.some((type) => type.label === 'Certn background check'),
    'Add activity offers "Certn background check"',
  );
  const [first] = await admin.integrations.packages('certn');
  if (!first) throw new Error('The Certn account has no packages.');
  note(`The packages are those of the Certn account; the first is ${first.name}.`);
  const item =
    stage.items.find((one) => one.type === 'background_check') ??
    (await admin.activities.create(stage.id, { type: 'background_check', vendor: 'certn', package_id: first.id }));
  expect(item.display_name === 'Send Certn background check', `the activity is called "${item.display_name}"`);
  return { job, item };
}

async function send(walk: Walk, { job, item }: Planned): Promise<Check> {
  heading('Send a Certn background check to a candidate');
  const { admin, certn, account } = walk;
  const application = await someoneFree(admin, { job, item });
  const { first_name, last_name } = application.candidate;
  await admin.candidates.list({ search: last_name ?? '' }).first();
  note(`${first_name} ${last_name} is at "${application.current_stage?.name}", not at the background check stage.`);
  const check = await admin.backgroundChecks.send(application.id, { job_stage_item_id: item.id });
  expect(
    check.package.id === item.package?.id,
    `without a choice the activity's package is sent: ${check.package.name}`,
  );
  const again = admin.backgroundChecks.send(application.id, { job_stage_item_id: item.id });
  await expectRefusal(ConflictError, again, 'a second click sends nothing');
  const mail = await until('Certn e-mails the candidate', async () => {
    const mails = await certn.mailbox({ account: account.id, email: check.sent_to ?? '' });
    return mails.find((one) => one.kind === 'invitation');
  });
  expect(mail.to === check.sent_to, `Certn e-mailed ${mail.to}: "${mail.subject}"`);
  return check;
}

/** An active application whose candidate has an address and no check in progress. */
async function someoneFree(admin: AtsClient, { job, item }: Planned): Promise<Application> {
  for await (const application of admin.applications.list({ job_id: job.id, status: 'active' })) {
    const stages = await admin.applications.interviewPlan(application.id);
    const planned = stages.flatMap((stage) => stage.items).find((one) => one.id === item.id);
    if (planned?.can_send) return application;
  }
  throw new Error(`No candidate in "${job.name}" can be sent a check any more: delete .data/ and start again.`);
}

async function view({ admin, quiet, certn }: Walk, sent: Check): Promise<void> {
  heading('View Certn background check status');
  const current = (): Promise<Check> => quiet.backgroundChecks.get(sent.id);
  const caseId = await until('Certn opens the case', async () => (await current()).vendor.case_id ?? undefined);
  await until('the candidate is invited', async () => (await current()).status === 'invited' || undefined);
  note(`Certn's case is ${caseId}. The candidate and Certn now act at the stand-in.`);
  await follow(admin, certn, caseId, sent);
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

/** Makes each move at Certn once the one before was seen on the stream of updates. */
async function follow(admin: AtsClient, certn: SandboxControl, caseId: string, sent: Check): Promise<void> {
  const left = [...steps];
  let begun = false;
  const make = async (): Promise<void> => {
    const [move] = left[0] ?? [];
    if (move) await certn.act(caseId, move, move === 'complete' ? { score: 'CLEAR' } : {});
  };
  for await (const update of admin.updates({ signal: AbortSignal.timeout(60_000) })) {
    if (update.type === 'reset') {
      // The stream is open: every later change comes.
      if (!begun) await make();
      begun = true;
    } else if (update.check.id === sent.id && update.check.status === left[0]?.[1]) {
      const [move] = left.shift() ?? [];
      note(`Certn: ${move?.padEnd(9)} → the check is now "${update.check.status_label}"`);
      if (left.length === 0) return;
      await make();
    }
  }
  throw new Error(`60 s passed and GET /updates never said that the check became "${left[0]?.[1]}".`);
}

async function savePdf(admin: AtsClient, check: Check): Promise<void> {
  const report = await admin.backgroundChecks.downloadReport(check.id);
  const pdf = Buffer.from(await report.arrayBuffer());
  expect(pdf.subarray(0, 5).toString() === '%PDF-', 'the results are a PDF');
  const file = join(dataFolder, 'walkthrough.pdf');
  writeFileSync(file, pdf);
  note(`Saved as ${file}`);
}

async function walk(): Promise<void> {
  const { service, sandbox } = readAddresses();
  const { token = '' } = await signIn(service, larkspur.admin.email).catch(() => {
    throw new CannotStart(`Nothing answers at ${service}: run "npm start" in another terminal and come back.`);
  });
  const colleague = await signIn(service, larkspur.colleagues[0]?.email ?? '');
  const here: Walk = {
    admin: tellingClient(service, token),
    quiet: new AtsClient({ baseUrl: service, token }),
    colleague: tellingClient(service, colleague.token ?? ''),
    certn: new SandboxControl(() => sandbox),
    sandbox,
    account: await prepareAccount(sandbox, larkspur),
  };
  await enable(here);
  await view(here, await send(here, await plan(here)));
  heading('Every step of the specification was done');
}

await walk().catch((error: unknown) => {
  console.error(`\nFAILED: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
