import type { Page } from 'playwright-core';
import { aColleague } from '../support/people.js';
import { anApplication, type ConnectedTeam, readyToSend, type ReadyToSend } from '../support/fixtures.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('A check that cannot be sent says why', () => {
  let stage: Stage;
  let team: ConnectedTeam;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
    team = await connectedTeamCalled('Juniper Works', stage);
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(() => stage.close());

  it('for a candidate without an email address [R-73]', async () => {
    await show(page, await readyToSend(team, { email: null }));
    await page.getByText('This candidate has no valid email address', { exact: false }).waitFor();
    expect(await sendButton(page).count()).toBe(0);
  });

  it('for a closed application [R-63]', async () => {
    const ready = await readyToSend(team);
    await team.admin.patch(`/applications/${ready.applicationId}`, { status: 'rejected' });
    await show(page, ready);
    await page.getByText('This application is closed.', { exact: false }).waitFor();
    expect(await sendButton(page).count()).toBe(0);
  });

  it('without the right to send [R-07]', async () => {
    const ready = await readyToSend(team);
    const ben = await aColleague(team.admin, 'limited', { name: 'Ben Ito' });
    await team.admin.put(`/jobs/${ready.jobId}/permissions`, [{ user_id: ben.id, permissions: ['view_results'] }]);
    const window = await stage.window();
    await signIn(window, 'Juniper Works', /Ben Ito/);
    await show(window, ready);
    await window.getByText("You don't have permission to send", { exact: false }).waitFor();
    expect(await sendButton(window).count()).toBe(0);
  });

  it('each application has a tab of its own, and its own checks [R-74]', async () => {
    const [ready, another] = [await readyToSend(team), await readyToSend(team)];
    await anApplication(team.admin, ready.candidateId, another.jobId);
    await show(page, ready);
    await page
      .getByRole('tab', { name: /^Application: / })
      .nth(1)
      .waitFor();
    await sendNow(page);
    await page.getByRole('article', { name: 'Basic, Invited' }).waitFor();
    await page.getByRole('tab', { selected: false }).click();
    await sendButton(page).waitFor();
    expect(await page.getByRole('article').count()).toBe(0);
  });

  it('for a package that was removed while the dialog was open [R-70, R-35]', async () => {
    await show(page, await readyToSend(team));
    await sendButton(page).click();
    const { packages } = team.account;
    const kept = packages.map((one) => ({ ...one, is_active: one.name !== 'Basic' }));
    await team.sandbox.control.setPackages(team.account.id, kept);
    await team.admin.get('/integrations/certn/packages?refresh=true');
    await popUp(page).getByRole('button', { name: 'Send background check' }).click();
    await popUp(page).getByRole('alert').getByText('Choose another', { exact: false }).waitFor();
    await team.sandbox.control.setPackages(team.account.id, packages);
    await team.admin.get('/integrations/certn/packages?refresh=true');
    await page.keyboard.press('Escape');
  });

  it('two users who send at once send one check, and the second sees by whom [R-75]', async () => {
    const email = 'both@example.org';
    const ready = await readyToSend(team, { email });
    const window = await stage.window();
    await aColleague(team.admin, 'standard', { name: 'Cleo Adeyemi' });
    await signIn(window, 'Juniper Works', /Cleo Adeyemi/);
    await show(window, ready);
    await show(page, ready);
    await sendButton(page).click();
    await sendButton(window).click();
    await popUp(window).getByRole('button', { name: 'Send background check' }).click();
    await page.getByRole('article', { name: 'Basic, Invited', includeHidden: true }).waitFor();
    // The other user's dialog shows it too.
    await popUp(page).getByRole('button', { name: 'Send anyway' }).click();
    await popUp(page).getByText('Cleo Adeyemi sent Basic', { exact: false }).waitFor();
    expect(await team.sandbox.control.ledger({ email })).toHaveLength(1);
    await popUp(page).getByRole('alert').getByRole('link', { name: 'Open check' }).click();
    await page.getByRole('heading', { name: 'Background check', level: 1 }).waitFor();
  });

  it('an order that Certn refuses is shown as not sent, with the reason [R-76]', async () => {
    await team.sandbox.control.fault({
      account: team.account.id,
      route: 'order-package',
      kind: 'status',
      status: 400,
      times: 1,
    });
    await show(page, await readyToSend(team));
    await sendNow(page);
    await page.getByRole('article', { name: 'Basic, Not sent' }).getByRole('button', { name: 'Resend' }).waitFor();
  });

  it('when Certn was disabled while the dialog was open [R-77]', async () => {
    await show(page, await readyToSend(team));
    await sendButton(page).click();
    await team.admin.delete('/integrations/certn');
    await popUp(page).getByRole('button', { name: 'Send background check' }).click();
    await popUp(page).getByRole('alert').getByText('Certn is not connected', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Certn is not connected.', { exact: false }).waitFor();
  });

  const sendButton = (window: Page) =>
    window.getByRole('region', { name: 'Background check' }).getByRole('button', { name: 'Send background check' });
  const popUp = (window: Page) => window.getByRole('dialog', { name: 'Send background check' });

  async function show(window: Page, { candidateId, applicationId }: ReadyToSend): Promise<void> {
    await window.goto(`/candidates/${candidateId}?application=${applicationId}`);
    await window.getByRole('region', { name: 'Background check' }).waitFor();
  }

  async function sendNow(window: Page): Promise<void> {
    await sendButton(window).click();
    await popUp(window).getByRole('button', { name: 'Send background check' }).click();
    await popUp(window).waitFor({ state: 'hidden' });
  }
});
