import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import type { SandboxAccount } from '../support/sandbox.js';
import { anAccount, readyToSend, send } from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('The state of the webhook', () => {
  let stage: Stage;
  let page: Page;
  let admin: Person;
  let account: SandboxAccount;
  let caseId: string;

  beforeAll(async () => {
    stage = await openStage();
    let teamId: string;
    ({ admin, teamId } = await aTeam(stage.app, 'Juniper Works'));
    account = await anAccount(stage.sandbox);
    await admin.put('/integrations/certn', { api_key: account.api_key, webhook_secret_key: 'not-the-secret' });
    await stage.sandbox.control.registerWebhook(account.id, `${stage.app.url}/certn/certnWebhookHandler`);
    const packages = account.packages.map(({ id, name }) => ({ id, name }));
    const team = { admin, account, sandbox: stage.sandbox, teamId, packages, packageId: packages[0]?.id ?? '' };
    const { body } = await send(admin, await readyToSend(team));
    const read = () => admin.get<{ vendor: { case_id: string | null } }>(`/background_checks/${body.id}`);
    const check = await eventually('the case is known', read, (answer) => answer.body.vendor.case_id !== null);
    caseId = check.body.vendor.case_id ?? '';
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(() => stage.close());

  it('rejects a webhook secret in the API key field', async () => {
    await page.goto('/admin/integrations?open=certn');
    await certnHeader().getByText('Waiting for the first event').waitFor();
    await page.getByLabel('API key', { exact: true }).fill(account.webhook_secret);
    await page.getByRole('button', { name: 'Save & close' }).click();
    await page.getByText('This is a webhook secret key. Enter the API key here.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('API key', { exact: true }).fill('');
  });

  it('shows rejected events on every screen of an admin, with the likely cause', async () => {
    for (const action of ['open', 'start', 'submit']) await stage.sandbox.control.act(caseId, action);
    const state = () => admin.get<{ health: { webhooks: { state: string } } }>('/integrations/certn');
    await eventually('the refusals are known', state, ({ body }) => body.health.webhooks.state === 'refused');
    await page.goto('/candidates');
    await banner(page).getByText('Copy the webhook secret key again from Certn.', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goto('/admin/integrations?open=certn');
    await certnHeader().getByText('Events rejected').waitFor();
    await page.getByRole('tab', { name: 'Health' }).click();
    await page.getByRole('cell', { name: /^Rejected since/ }).waitFor();
    await page
      .getByText('No event has matched it yet, so the saved key is probably wrong.', { exact: false })
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('shows nothing to other users', async () => {
    await aColleague(admin, 'standard', { name: 'Cleo Adeyemi' });
    const window = await stage.window();
    await signIn(window, 'Juniper Works', /Cleo Adeyemi/);
    await window.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    expect(await banner(window).count()).toBe(0);
    await window.context().close();
  });

  it('waits for the first event after the secret was corrected, and is connected with it', async () => {
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel('Webhook secret key', { exact: true }).fill(account.webhook_secret);
    await page.getByRole('button', { name: 'Save & close' }).click();
    await page.getByText('Saved. The API key works. Waiting for the first event from Certn.').waitFor();
    await banner(page).waitFor({ state: 'detached' });
    await stage.sandbox.control.act(caseId, 'progress');
    const state = () => admin.get<{ health: { webhooks: { state: string } } }>('/integrations/certn');
    await eventually('events arrive', state, ({ body }) => body.health.webhooks.state === 'working');
    await page.reload();
    await certnHeader().getByText('Connected', { exact: true }).waitFor();
  });

  const certnHeader = () => page.getByRole('heading', { level: 2 }).getByRole('button', { name: /^Certn/ });
  const banner = (window: Page) =>
    window.getByRole('status').filter({ hasText: "didn't match the webhook secret key since" });
});
