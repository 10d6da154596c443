import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { aCertnItem, aJob, anApplication, aStage, type ConnectedTeam } from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

const address = 'ines.okafor@example.org';

describe('A recruiter sends a background check', () => {
  let stage: Stage;
  let team: ConnectedTeam;
  let page: Page;
  let caseId: string;

  beforeAll(async () => {
    stage = await openStage();
    team = await connectedTeamCalled('Juniper Works', stage);
    const candidate = {
      first_name: 'Ines',
      last_name: 'Okafor',
      email_addresses: [{ value: address, is_primary: true }],
    };
    const { body: ines } = await team.admin.post<{ id: string }>('/candidates', candidate);
    const jobId = await aJob(team.admin, { name: 'Field engineer' });
    await aStage(team.admin, jobId, 'Phone screen');
    await anApplication(team.admin, ines.id, jobId);
    // the activity came after the candidate.
    await aCertnItem(team.admin, await aStage(team.admin, jobId, 'Background check'), team.packageId);
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(() => stage.close());

  it('finds the candidate on the Candidates page [R-64]', async () => {
    await page.getByRole('link', { name: 'Candidates', exact: true }).click();
    await page.getByRole('searchbox').fill('okafor');
    await page.getByRole('link', { name: 'Ines Okafor' }).click();
    await page.getByRole('heading', { name: 'Ines Okafor', level: 1 }).waitFor();
  });

  it('sees the background check stage on the Application tab while the candidate is elsewhere [R-60, R-62, R-65]', async () => {
    expect(await page.getByRole('tab', { name: 'Application' }).getAttribute('aria-selected')).toBe('true');
    await page.getByRole('region', { name: 'Phone screen' }).getByText('Current stage').waitFor();
    await checkStage().getByText('Send Certn background check').waitFor();
    expect(await checkStage().getByText('Current stage').count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it("opens the dialog with the activity's package, the candidate and the address [R-66, R-67, R-68]", async () => {
    await checkStage().getByRole('button', { name: 'Send background check' }).click();
    expect(await popUp().getByLabel('Package').inputValue()).toBe(team.packageId);
    for (const fact of ['Ines Okafor', 'Field engineer', address, 'Production'])
      await popUp().getByRole('cell', { name: fact, exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('closes it with the keyboard; the focus returns', async () => {
    await page.keyboard.press('Escape');
    await popUp().waitFor({ state: 'hidden' });
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await eventually('the button has the focus', focused, (text) => text === 'Send background check');
    expect(await team.sandbox.control.ledger({ email: address })).toEqual([]);
  });

  it('chooses another package and sends; Certn invites the candidate once [R-69, R-71, R-72, R-75]', async () => {
    await checkStage().getByRole('button', { name: 'Send background check' }).click();
    await popUp().getByLabel('Package').selectOption({ label: 'Criminal and credit' });
    await popUp().getByRole('button', { name: 'Send background check' }).dblclick();
    await popUp().waitFor({ state: 'hidden' });
    const mails = await eventually(
      'Certn wrote to the candidate',
      () => team.sandbox.control.mailbox({ email: address }),
      ({ length }) => length > 0,
    );
    expect(mails.map(({ kind }) => kind)).toEqual(['invitation']);
    const ordered = await team.sandbox.control.ledger({ email: address });
    expect(ordered.map((order) => order.package)).toEqual([team.packages[1]?.id]);
    caseId = ordered[0]?.case ?? '';
  });

  it('reads the status, the sender, and why no more can be sent [R-80]', async () => {
    await check('Invited').getByText('Criminal and credit').waitFor();
    await check('Invited').getByText(`for ${address}`, { exact: false }).waitFor();
    await checkStage().getByText('A check is already in progress.', { exact: false }).waitFor();
    expect(await checkStage().getByRole('button', { name: 'Send background check' }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('opens Results URL, which says that the results are not ready yet [R-81, R-85]', async () => {
    await check('Invited').getByRole('link', { name: 'Results URL' }).click();
    await page.getByText('Results are not ready yet').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goBack();
  });

  it('sees what the candidate and Certn do without reloading [R-83, R-84]', async () => {
    for (const [action, label] of [
      ['open', 'Invite opened'],
      ['start', 'Started'],
      ['submit', 'Submitted'],
      ['progress', 'In progress'],
    ] as const) {
      await team.sandbox.control.act(caseId, action);
      await check(label).waitFor();
    }
    await team.sandbox.control.act(caseId, 'complete', { score: 'CLEAR' });
    await check('Complete').getByText('Clear', { exact: true }).waitFor();
  });

  it('reads the history', async () => {
    await check('Complete').getByRole('button', { name: 'History' }).click();
    const lines = check('Complete').getByRole('listitem');
    await lines.getByText('Sent by').waitFor();
    await lines.getByText('Submitted → In progress').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it("reads Certn's report at Results URL and downloads it [R-82]", async () => {
    await check('Complete').getByRole('link', { name: 'Results URL' }).click();
    const report = page.getByTitle('Results of the background check');
    expect(await report.getAttribute('src')).toMatch(/^blob:/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download PDF' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'latin1').slice(0, 5)).toBe('%PDF-');
  });

  it('shares the link: another user signs in first and opens the same page [R-81]', async () => {
    const link = page.url();
    const other = await stage.window();
    await other.goto(link);
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    await other.getByRole('group', { name: 'Juniper Works' }).getByRole('button', { name: /admin/ }).click();
    await other.getByTitle('Results of the background check').waitFor();
    expect(other.url()).toBe(link);
  });

  const checkStage = () => page.getByRole('region', { name: 'Background check' });
  const popUp = () => page.getByRole('dialog', { name: 'Send background check' });
  const check = (label: string) =>
    checkStage().getByRole('article', { name: `Criminal and credit, ${label}`, exact: true });
});
