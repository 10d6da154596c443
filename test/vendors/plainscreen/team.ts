import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RunningApp } from '../../support/app.js';
import { eventually } from '../../support/eventually.js';
import { aCandidate, aJob, anAccount, anApplication, aStage, connect } from '../../support/fixtures.js';
import { type Answer, aTeam, type Person } from '../../support/people.js';
import type { Sandbox } from '../../support/sandbox.js';
import { signed } from './plainscreen-webhook.js';
import type { StandIn, StandInAccount } from './stand-in.js';

export const plainscreenSecret = 'plain-secret';
export const products = [
  { code: 'plain-basic', title: 'Plain basic', retired: false },
  { code: 'plain-full', title: 'Plain full', retired: false },
];

export interface ShownCheck {
  id: string;
  status: string;
  status_label: string;
  result: string | null;
  vendor: { id: string; name: string; case_id: string | null; environment: string | null; portal_url: string | null };
  failure: { reason: string; message: string } | null;
}

/** A team with an account at each vendor. Each activity has a name of its vendor: `certn` or `plainscreen`. */
export interface Both {
  teamId: string;
  admin: Person;
  certnAccount: Awaited<ReturnType<typeof anAccount>>;
  plainAccount: StandInAccount;
  packages: Record<VendorId, string>;
}
export type VendorId = 'certn' | 'plainscreen';

/** Plainscreen's webhook event, posted to the service. Resolves to the status of the answer. */
export async function notify(url: string, ref: string, secret = plainscreenSecret, path = '/plainscreen/events') {
  const payload = JSON.stringify({ message: randomUUID(), topic: 'screening.moved', screening: ref });
  return post(url, path, payload, signed(Buffer.from(payload), secret));
}

export async function post(url: string, path: string, body: string, headers: IncomingHttpHeaders): Promise<number> {
  const request = { method: 'POST', headers: headers as Record<string, string>, body };
  return (await fetch(new URL(path, url), request)).status;
}

export async function connectedToBoth(app: RunningApp, sandbox: Sandbox, standIn: StandIn): Promise<Both> {
  const { teamId, admin } = await aTeam(app);
  const [certnAccount, plainAccount] = [await anAccount(sandbox), standIn.addAccount(structuredClone(products))];
  await connect(admin, certnAccount);
  await sandbox.control.registerWebhook(certnAccount.id, `${app.url}/certn/certnWebhookHandler`);
  const secrets = { api_key: plainAccount.key, webhook_secret_key: plainscreenSecret };
  const saved = await admin.put('/integrations/plainscreen', secrets);
  if (saved.status !== 200) throw new Error(`connecting answered ${saved.status}: ${JSON.stringify(saved.body)}`);
  const packages = { certn: certnAccount.packages[0]?.id ?? '', plainscreen: 'plain-basic' };
  return { teamId, admin, certnAccount, plainAccount, packages };
}

export const addItem = (team: Both, stageId: string, vendor: VendorId, packageId = team.packages[vendor]) =>
  team.admin.post<{ id: string; vendor: string; vendor_name: string; display_name: string; reason: string }>(
    `/job_stages/${stageId}/items`,
    { type: 'background_check', vendor, package_id: packageId },
  );

/** A job with an activity of each vendor, and an active application. */
export async function aPlanWithBoth(team: Both) {
  const jobId = await aJob(team.admin);
  const stageId = await aStage(team.admin, jobId, 'Background check');
  const items = {
    certn: (await addItem(team, stageId, 'certn')).body.id,
    plainscreen: (await addItem(team, stageId, 'plainscreen')).body.id,
  };
  const applicationId = await anApplication(team.admin, await aCandidate(team.admin), jobId);
  return { jobId, stageId, items, applicationId };
}

export const sendTo = (
  team: Both,
  plan: Awaited<ReturnType<typeof aPlanWithBoth>>,
  vendor: VendorId,
): Promise<Answer<ShownCheck & { message: string; reason: string }>> =>
  team.admin.post(`/applications/${plan.applicationId}/background_checks`, {
    job_stage_item_id: plan.items[vendor],
  });

export const read = async (team: Both, id: string): Promise<ShownCheck> =>
  (await team.admin.get<ShownCheck>(`/background_checks/${id}`)).body;

export const becomes = (team: Both, id: string, status: string, withinMs?: number): Promise<ShownCheck> =>
  eventually(
    `the check is ${status}`,
    () => read(team, id),
    (check) => check.status === status,
    withinMs,
  );
