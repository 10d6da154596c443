import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { aTeam } from '../support/people.js';
import { anAccount } from '../support/fixtures.js';
import { openIntegrations } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

const team = 'Juniper Works';
const address = 'ines.okafor@example.org';

/** The steps build on each other. Prepared are only an empty team and an account at Certn. */
describe('The specification, in one browser', () => {
  let stage: Stage;
  let ats: Page;
  let certn: Page;
  /** How often the console was loaded. Going from screen to screen does not load it. */
  let loads = 0;

  beforeAll(async () => {
    stage = await openStage();
    await aTeam(stage.app, team);
    await anAccount(stage.sandbox);
    ats = await stage.window();
    ats.on('domcontentloaded', () => (loads += 1));
    certn = await ats.context().newPage();
    await certn.goto(stage.sandbox.url);
  });
  afterAll(() => stage.close());

  it('an admin signs in for the first time and finds empty lists and no mention of Certn [R-22]', async () => {
    await ats.goto('/');
    await ats.getByRole('group', { name: team }).getByRole('button', { name: /admin/ }).click();
    await ats.getByText('No jobs yet').waitFor();
    await sidebar('Candidates').click();
    await ats.getByText('No candidates yet').waitFor();
    expect(await words()).not.toContain('Certn');
    await sidebar('Background checks').click();
    await ats.getByText('No background checks yet').waitFor();
    expect(await words()).not.toContain('Certn');
  });

  it('Account, Admin settings, Integrations, Certn [R-14]', async () => {
    await openIntegrations(ats);
    await certnHeader().getByText('Not connected').waitFor();
    await certnHeader().click();
    await ats.getByText('Generate New', { exact: false }).waitFor();
  });

  it('copies the webhook URL and registers it at Certn, which tries it at once [R-11, R-23]', async () => {
    await ats.getByRole('button', { name: 'Copy Webhook URL' }).click();
    await certn.bringToFront();
    await certn.getByLabel('Webhook URL').click();
    await certn.keyboard.press('Control+V');
    expect(await certn.getByLabel('Webhook URL').inputValue()).toBe(`${stage.app.url}/certn/certnWebhookHandler`);
    await certn.getByRole('button', { name: 'Register' }).click();
    await certn.getByText('The URL answered the challenge and is enabled.').waitFor();
  });

  it('copies both values from Certn; Save & close closes the section with both saved [R-15, R-16, R-17, R-20]', async () => {
    await copyToForm('API key');
    await copyToForm('Webhook secret', 'Webhook secret key');
    await ats.getByRole('button', { name: 'Save & close' }).click();
    await certnHeader().getByText('Waiting for the first event', { exact: true }).waitFor();
    await ats.getByLabel('API key', { exact: true }).waitFor({ state: 'detached' });
    await certnHeader().click();
    await ats.getByText(/^Saved · ends in .{4} · by admin/).waitFor();
    expect(await ats.getByText(/^Saved · ends in /).count()).toBe(2);
  });

  it('ATS, Jobs; a new job; Interview plan; its stages [R-41, R-42]', async () => {
    await sidebar('Jobs').click();
    await ats.getByRole('button', { name: 'New job' }).click();
    const form = ats.getByRole('dialog', { name: 'New job' });
    await form.getByLabel('Name').fill('Field engineer');
    await form.getByRole('button', { name: 'Create job' }).click();
    await ats.getByRole('tab', { name: 'Interview plan', selected: true }).waitFor();
    for (const name of ['Phone screen', 'Background check', 'Offer']) await addStage(name);
  });

  it('Add activity, Certn background check, a package: the page shows the activity [R-40, R-43, R-44, R-45]', async () => {
    const check = ats.getByRole('listitem', { name: 'Background check', exact: true });
    await check.getByRole('button', { name: 'Add activity' }).click();
    await ats.getByRole('menuitem', { name: 'Certn background check' }).click();
    await check.getByRole('combobox', { name: 'Certn package' }).click();
    await check.getByRole('option', { name: 'Basic' }).click();
    await check.getByText('Send Certn background check').waitFor();
    await check.getByText('Package: Basic').waitFor();
  });

  it('a candidate is added and applies for the job', async () => {
    await sidebar('Candidates').click();
    await ats.getByRole('button', { name: 'New candidate' }).click();
    const form = ats.getByRole('dialog', { name: 'New candidate' });
    await form.getByLabel('First name').fill('Ines');
    await form.getByLabel('Last name').fill('Okafor');
    await form.getByLabel('Email').fill(address);
    await form.getByRole('button', { name: 'Add candidate' }).click();
    await ats.getByRole('heading', { name: 'Ines Okafor', level: 1 }).waitFor();
    await sidebar('Jobs').click();
    await ats.getByRole('link', { name: 'Field engineer' }).click();
    await ats.getByRole('tab', { name: 'Talent pipeline' }).click();
    await ats.getByRole('button', { name: 'Add candidate' }).click();
    await ats.getByRole('button', { name: 'Add Ines Okafor' }).click();
  });

  it('Talent pipeline, the candidate, Application, a stage that she is not in yet [R-64, R-65]', async () => {
    await ats.getByRole('list', { name: 'Phone screen' }).getByRole('link', { name: 'Ines Okafor' }).click();
    await ats.getByRole('tab', { name: 'Application', selected: true }).waitFor();
    await ats.getByRole('region', { name: 'Phone screen' }).getByText('Current stage').waitFor();
  });

  it('Send background check opens the dialog, which sends [R-66, R-67, R-68, R-71]', async () => {
    await stageOfCheck().getByRole('button', { name: 'Send background check' }).click();
    const popUp = ats.getByRole('dialog', { name: 'Send background check' });
    await popUp.getByRole('heading', { name: 'Send background check' }).waitFor();
    const chosen = popUp.getByLabel('Package').locator('option:checked');
    expect(await chosen.textContent()).toContain('Basic');
    await popUp.getByRole('button', { name: 'Send background check' }).click();
    await popUp.waitFor({ state: 'hidden' });
    await status('Invited').waitFor();
  });

  it('the candidate opens the invitation in her mailbox and completes the steps at Certn; the console shows each [R-72, R-80, R-84]', async () => {
    await certn.bringToFront();
    const mail = certn.getByRole('region', { name: 'Candidates’ mailbox' }).getByRole('listitem');
    await mail.getByText(address).waitFor();
    expect(await mail.count()).toBe(1);
    const opening = certn.context().waitForEvent('page');
    await mail.getByRole('link', { name: 'Open the link' }).click();
    const invitation = await opening;
    await invitation.getByRole('heading', { name: 'Welcome' }).waitFor();
    await seen('Invite opened');
    await click(invitation, 'Start');
    await seen('Started');
    await click(invitation, 'Submit');
    await invitation.getByRole('heading', { name: 'Thank you' }).waitFor();
    await seen('Submitted');
    await invitation.close();
  });

  it('Certn works on the case and completes it; the status and the result are there without a reload [R-83]', async () => {
    await certn.bringToFront();
    await certn
      .getByRole('region', { name: /^Cases/ })
      .getByRole('button', { name: address })
      .click();
    const found = certn.getByRole('region', { name: 'Chosen case' });
    await found.getByRole('button', { name: 'In progress' }).click();
    await seen('In progress');
    await certn.bringToFront();
    await found.getByRole('combobox', { name: 'Score' }).selectOption('CLEAR');
    await found.getByRole('button', { name: 'Complete' }).click();
    await seen('Complete');
    await status('Complete').getByText('Clear', { exact: true }).waitFor();
    expect(loads).toBe(1);
  });

  it("Results URL shows Certn's report, a PDF [R-81, R-82]", async () => {
    await status('Complete').getByRole('link', { name: 'Results URL' }).click();
    await ats.getByTitle('Results of the background check').waitFor();
    const saving = ats.waitForEvent('download');
    await ats.getByRole('link', { name: 'Download PDF' }).click();
    expect(readFileSync(await (await saving).path(), 'latin1').slice(0, 5)).toBe('%PDF-');
  });

  const sidebar = (name: string): Locator =>
    ats.getByRole('navigation', { name: 'Main' }).getByRole('group', { name: 'ATS' }).getByRole('link', { name });
  const certnHeader = (): Locator => ats.getByRole('heading', { level: 2 }).getByRole('button', { name: /^Certn/ });
  const stageOfCheck = (): Locator => ats.getByRole('region', { name: 'Background check' });
  const status = (label: string): Locator =>
    stageOfCheck().getByRole('article', { name: `Basic, ${label}`, exact: true });
  const click = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  /** The text of the screen without the sidebar. */
  const words = (): Promise<string> => ats.getByRole('main').innerText();

  /** The window with the console shows the status. */
  async function seen(label: string): Promise<void> {
    await ats.bringToFront();
    await status(label).waitFor();
  }

  /** Selects the value on Certn's page, copies it, and pastes it into the field of the console. */
  async function copyToForm(name: string, field = name): Promise<void> {
    await certn.bringToFront();
    const value = certn.getByRole('region', { name: 'Account' }).locator('dt', { hasText: name }).locator('+ dd');
    await value.click({ clickCount: 3 });
    await certn.keyboard.press('Control+C');
    await ats.bringToFront();
    await ats.getByLabel(field, { exact: true }).click();
    await ats.keyboard.press('Control+V');
  }

  async function addStage(name: string): Promise<void> {
    await click(ats, 'Add new stage');
    await ats.getByLabel('Stage name').fill(name);
    await click(ats, 'Add stage');
    await ats.getByRole('heading', { name, exact: true }).waitFor();
  }
});
