import type { Page } from 'playwright-core';
import { type ConnectedTeam, readyToSend, type ReadyToSend } from '../support/fixtures.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe("Certn's sandbox is marked", () => {
  let stage: Stage;
  let team: ConnectedTeam;
  let ready: ReadyToSend;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
    team = await connectedTeamCalled('Juniper Works', stage);
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(() => stage.close());

  it('in the integration, once an admin chose it', async () => {
    await page.goto('/admin/integrations?open=certn');
    await page.getByLabel('Environment').selectOption('Sandbox');
    await page.getByRole('button', { name: 'Save & close' }).click();
    const header = page.getByRole('heading', { level: 2 }).getByRole('button', { name: /^Certn/ });
    await header.getByText('Sandbox', { exact: true }).waitFor();
    await header.click();
    await page.getByText("This is Certn's sandbox").waitFor();
  });

  it('in the dialog, before sending', async () => {
    ready = await readyToSend(team);
    await page.goto(`/candidates/${ready.candidateId}`);
    await page.getByRole('button', { name: 'Send background check' }).click();
    const popUp = page.getByRole('dialog', { name: 'Send background check' });
    await popUp.getByText('no real check is made', { exact: false }).waitFor();
    await popUp.getByRole('cell', { name: 'Sandbox' }).waitFor();
    await popUp.getByRole('button', { name: 'Send background check' }).click();
    await popUp.waitFor({ state: 'hidden' });
  });

  it('on every screen of a check, also after the team switched to production', async () => {
    await page.getByRole('article', { name: 'Basic, Invited' }).getByText('Sandbox', { exact: true }).waitFor();
    await page.goto(`/jobs/${ready.jobId}/pipeline`);
    await page.getByRole('list', { name: 'Phone screen' }).getByText('Sandbox', { exact: true }).waitFor();
    const { account, admin } = team;
    const secrets = { api_key: account.api_key, webhook_secret_key: account.webhook_secret };
    const saved = await admin.put('/integrations/certn', { ...secrets, environment: 'production' });
    expect(saved.status).toBe(200);
    await page.goto('/background_checks');
    await page
      .getByRole('row', { name: /Ada Example/ })
      .getByText('Sandbox', { exact: true })
      .waitFor();
    await page.getByRole('link', { name: /^Open check/ }).click();
    await page.getByRole('main').getByText('Sandbox', { exact: true }).waitFor();
  });
});
