import type { Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { aCandidate, aJob, anApplication, aStage } from '../support/fixtures.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { testDatabaseClient } from '../support/test-database-client.js';
import { accessibilityFaults } from './support/accessibility.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('Tasks of an interview plan', () => {
  let stage: Stage;
  let page: Page;
  let admin: Person;
  let jobId: string;
  let candidateId: string;
  let applicationId: string;

  beforeAll(async () => {
    stage = await openStage();
    ({ admin } = await aTeam(stage.app, 'Juniper Works'));
    await aColleague(admin, 'standard', { name: 'Tove Tasks' });
    await aColleague(admin, 'limited', { name: 'Rui Reader' });
    jobId = await aJob(admin);
    await aStage(admin, jobId, 'References');
    await aStage(admin, jobId, 'Offer');
    candidateId = await aCandidate(admin);
    applicationId = await anApplication(admin, candidateId, jobId);
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
    await page.goto(`/jobs/${jobId}/plan`);
  });
  afterAll(() => stage.close());

  it('are added by keyboard, with a title and an assignee', async () => {
    const references = stageCalled('References');
    await references.getByRole('button', { name: 'Add activity' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Task' }).focus();
    await page.keyboard.press('Enter');
    await eventually('the title has the focus', focused, (label) => label === 'Task title');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await references.getByText('Enter a title').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.type('Call the reference');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Tove');
    await references.getByRole('option', { name: 'Tove Tasks' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await references.getByRole('button', { name: 'Add task' }).focus();
    await page.keyboard.press('Enter');
    await references.getByText('Call the reference').waitFor();
    await references.getByText('Assigned to Tove Tasks').waitFor();
    await eventually('the focus is where it was', focused, (label) => label === 'Add activity');
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('plan');
  });

  it('say why they cannot be assigned to a user who cannot open the job', async () => {
    const references = stageCalled('References');
    await page.getByRole('button', { name: 'Edit Call the reference' }).click();
    await references.getByRole('combobox', { name: 'Assignee' }).click();
    await references.getByRole('combobox', { name: 'Assignee' }).fill('Rui');
    await references.getByRole('option', { name: 'Rui Reader' }).click();
    await references.getByRole('button', { name: 'Save' }).click();
    await references.getByText('This person cannot open the job.', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('refused');
    await references.getByRole('button', { name: 'Cancel' }).click();
    await references.getByLabel('Task title').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Edit Call the reference' }).click();
    await page.keyboard.press('Escape');
    await references.getByLabel('Task title').waitFor({ state: 'detached' });
    await eventually('the focus is where it was', focused, (label) => label === 'Edit Call the reference');
    await references.getByText('Assigned to Tove Tasks').waitFor();
  });

  it('are ticked off on the Application tab by keyboard, and ticked off again', async () => {
    await page.goto(`/candidates/${candidateId}?application=${applicationId}`);
    const box = page.getByRole('checkbox', { name: 'Done: Call the reference' });
    await box.waitFor();
    expect(await box.isChecked()).toBe(false);
    await picture('open');
    await box.focus();
    await page.keyboard.press('Space');
    await page.getByText(/^Done by .+ (just now|\d+ seconds? ago)$/).waitFor();
    expect(await box.isChecked()).toBe(true);
    expect(await focused()).toBe('Done: Call the reference');
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('done');
    await page.reload();
    await box.waitFor();
    expect(await box.isChecked()).toBe(true);
    await box.focus();
    await page.keyboard.press('Space');
    await page.getByText(/^Done by/).waitFor({ state: 'detached' });
    expect(await box.isChecked()).toBe(false);
  });

  it('have no box before their stage is reached, and none that can be ticked on a closed application', async () => {
    const offer = (await admin.get<{ id: string }[]>(`/jobs/${jobId}/stages`)).body[1]?.id ?? '';
    await admin.post(`/job_stages/${offer}/items`, { type: 'task', title: 'Send the contract' });
    await page.reload();
    await page.getByText('Can be done once the application reaches this stage.').waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(1);
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('later');
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    await page.reload();
    await page.getByText('This application is closed.').first().waitFor();
    expect(await page.getByRole('checkbox', { name: 'Done: Call the reference' }).isDisabled()).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    await admin.patch(`/applications/${applicationId}`, { status: 'active' });
  });

  it('are left as they are when somebody else was faster', async () => {
    await page.reload();
    const box = page.getByRole('checkbox', { name: 'Done: Call the reference' });
    await box.waitFor();
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    await box.click();
    await page.getByText('Tasks can only be changed for active applications.', { exact: false }).waitFor();
    await eventually(
      'the box is off',
      () => box.isChecked(),
      (checked) => !checked,
    );
    await admin.patch(`/applications/${applicationId}`, { status: 'active' });
  });

  it('of a kind that this version does not know are shown by their name', async () => {
    await testDatabaseClient(stage.app.databaseUrl, (client) =>
      client.query(`update interview_planning.item set type = 'quiz', configuration = '{"questions": 3}'
                    where name = 'Send the contract'`),
    );
    await page.reload();
    const offer = page.getByRole('region', { name: 'Offer' });
    await offer.getByRole('heading', { name: 'Send the contract' }).waitFor();
    expect(await offer.textContent()).toBe('OfferSend the contract');
    await page.goto(`/jobs/${jobId}/plan`);
    await stageCalled('Offer').getByText('Send the contract').waitFor();
    expect(await page.getByRole('button', { name: 'Edit Send the contract' }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('unknown');
    await page.getByRole('button', { name: 'Remove Send the contract' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await stageCalled('Offer').getByText('No activities').waitFor();
  });

  /** Screenshots, on request. */
  async function picture(name: string): Promise<void> {
    const folder = process.env['PICTURES'];
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }

  const stageCalled = (name: string): Locator => page.getByRole('listitem', { name, exact: true });
  const focused = (): Promise<string> =>
    page.evaluate<string>(
      'document.activeElement.ariaLabel ?? document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText',
    );
});
