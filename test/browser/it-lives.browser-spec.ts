import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { testDatabaseClient } from '../support/test-database-client.js';
import { aColleague, type Person } from '../support/people.js';
import { aSentCheck, type ConnectedTeam, reaches, readyToSend, type ReadyToSend } from '../support/fixtures.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { openLine } from './support/line.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

const updates = '**/ats/v0/updates';

/** Ends the newest session. */
const hersEnds = 'delete from access.session where created_at = (select max(created_at) from access.session)';

describe('Live updates', () => {
  let stage: Stage;
  let team: ConnectedTeam;
  let cleo: Person;
  let page: Page;
  let hers: Page;

  beforeAll(async () => {
    stage = await openStage();
    team = await connectedTeamCalled('Juniper Works', stage);
    cleo = await aColleague(team.admin, 'standard', { name: 'Cleo Adeyemi' });
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
    hers = await stage.window();
    await signIn(hers, 'Juniper Works', /Cleo Adeyemi/);
  });
  afterAll(() => stage.close());
  afterEach(() => page.unrouteAll());

  it('a sent check appears in the windows of another user, in the list and in the pipeline [R-80, R-84]', async () => {
    const ready = await readyToSend(team, { email: 'live@example.org' });
    const pipeline = await hers.context().newPage();
    await pipeline.goto(`/jobs/${ready.jobId}/pipeline`);
    await pipeline.getByText('No background check').waitFor();
    await hers.goto('/background_checks');
    await hers.getByText('No background checks yet').waitFor();
    await sendFrom(page, ready);
    const row = hers.getByRole('table', { name: 'Background checks' }).getByRole('row', { name: /Ada Example/ });
    const inPipeline = pipeline.getByRole('list', { name: 'Phone screen' });
    await row.getByText('Invited', { exact: true }).waitFor();
    await inPipeline.getByText('Invited', { exact: true }).waitFor();
    const [{ id = '' } = {}] = await team.sandbox.control.cases({ email: 'live@example.org' });
    await team.sandbox.control.act(id, 'open');
    await row.getByText('Invite opened', { exact: true }).waitFor();
    await inPipeline.getByText('Invite opened', { exact: true }).waitFor();
    await pipeline.close();
  });

  it('a change before the live connection is open is not missed', async () => {
    const { id, caseId } = await aSentCheck(team);
    const line = Promise.withResolvers<void>();
    await page.route(updates, (route) => line.promise.then(() => route.fallback()));
    await page.goto(`/background_checks/${id}`);
    await page.getByText('Invited', { exact: true }).waitFor();
    await team.sandbox.control.act(caseId, 'open');
    await reaches(team, id, 'opened');
    line.resolve();
    await page.getByText('Invite opened', { exact: true }).waitFor();
  });

  it('a lost connection is shown; once it is back, the screen catches up', async () => {
    const { id, caseId } = await aSentCheck(team);
    const line = await openLine(stage.app.url);
    const far = await stage.window({ baseURL: line.url });
    await signIn(far, 'Juniper Works', /Cleo Adeyemi/);
    await far.goto(`/background_checks/${id}`);
    await far.getByText('Invited', { exact: true }).waitFor();
    await far.locator('main[data-live="live"]').waitFor();
    line.cut();
    await far.getByText('Connection lost', { exact: false }).waitFor();
    for (const action of ['open', 'start']) await team.sandbox.control.act(caseId, action);
    await reaches(team, id, 'started');
    await far.getByText('Invited', { exact: true }).waitFor();
    line.mend();
    await far.getByText('Started', { exact: true }).waitFor();
    await far.getByRole('listitem').getByText('→ Started').waitFor();
    await far.getByText('Connection lost', { exact: false }).waitFor({ state: 'detached' });
    await far.context().close();
    line.close();
  });

  it('removed rights count at once, and the screen says so [R-07]', async () => {
    const ready = await readyToSend(team);
    const ben = await aColleague(team.admin, 'limited', { name: 'Ben Ito' });
    const allow = (...permissions: string[]) =>
      team.admin.put(`/jobs/${ready.jobId}/permissions`, [{ user_id: ben.id, permissions }]);
    await allow('send_checks');
    const his = await stage.window();
    await signIn(his, 'Juniper Works', /Ben Ito/);
    await his.goto(`/candidates/${ready.candidateId}`);
    await his.getByRole('button', { name: 'Send background check' }).click();
    await allow('view_results');
    const popUp = his.getByRole('dialog', { name: 'Send background check' });
    await popUp.getByRole('button', { name: 'Send background check' }).click();
    await popUp.getByRole('alert').waitFor();
    await popUp.getByRole('button', { name: 'Cancel' }).click();
    await his.getByText("You don't have permission to send", { exact: false }).waitFor();
    await team.admin.put(`/jobs/${ready.jobId}/permissions`, []);
    await his.getByRole('link', { name: 'Jobs', exact: true }).click();
    await his.getByText('No jobs yet').waitFor();
  });

  it('signing out counts in every tab, and going back shows nothing', async () => {
    const one = await stage.window();
    await signIn(one, 'Juniper Works', /Cleo Adeyemi/);
    const other = await one.context().newPage();
    await other.goto('/candidates');
    await other.getByRole('heading', { name: 'Candidates', level: 1 }).waitFor();
    await one.getByRole('button', { name: 'Account' }).click();
    await one.getByRole('menuitem', { name: 'Sign out' }).click();
    for (const tab of [one, other]) await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
    await other.goBack();
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await other.getByText('Ada Example').count()).toBe(0);
  });

  it('signing in as another user in one tab counts in the others', async () => {
    const one = await stage.window();
    await signIn(one, 'Juniper Works', /Cleo Adeyemi/);
    const other = await one.context().newPage();
    await other.goto('/sign-in');
    await other.getByRole('group', { name: 'Juniper Works' }).getByRole('button', { name: /admin/ }).click();
    await other.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    await one.getByRole('button', { name: /Cleo Adeyemi/ }).waitFor({ state: 'detached' });
    await one.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    await one.context().close();
  });

  it('an ended session leads to the sign-in and back to the same screen', async () => {
    const { id } = await aSentCheck(team);
    const window = await stage.window();
    await signIn(window, 'Juniper Works', /Cleo Adeyemi/);
    await testDatabaseClient(stage.app.databaseUrl, (client) => client.query(hersEnds));
    await window.goto(`/background_checks/${id}`);
    await window.getByText('Your session has ended', { exact: false }).waitFor();
    await window.getByRole('button', { name: /Cleo Adeyemi/ }).click();
    await window.getByRole('heading', { name: 'Background check', level: 1 }).waitFor();
    expect(new URL(window.url()).pathname).toBe(`/background_checks/${id}`);
  });

  it('a double click acts once', async () => {
    await page.goto('/jobs');
    await page.getByRole('button', { name: 'New job' }).click();
    await page.getByLabel('Name').fill('Lighthouse keeper');
    await page.getByRole('button', { name: 'Create job' }).dblclick();
    await page.getByRole('button', { name: 'Add new stage' }).click();
    await page.getByLabel('Stage name').fill('Night shift');
    await page.getByRole('button', { name: 'Add stage' }).dblclick({ noWaitAfter: true });
    await page.getByRole('heading', { name: 'Night shift', exact: true }).waitFor();
    const { body: jobs } = await cleo.get<{ id: string }[]>('/jobs?search=lighthouse');
    expect(jobs).toHaveLength(1);
    const { body: stages } = await cleo.get<unknown[]>(`/jobs/${jobs[0]?.id ?? ''}/stages`);
    expect(stages).toHaveLength(1);
  });

  it('times are relative; the exact time shows on hover', async () => {
    await page.goto('/background_checks');
    const time = page.getByRole('table', { name: 'Background checks' }).getByRole('time').first();
    expect(await time.textContent()).toMatch(/ago|just now/);
    await time.hover();
    const exact = page.getByRole('tooltip');
    await exact.waitFor();
    const at = new Date((await time.getAttribute('datetime')) ?? '');
    expect(await exact.textContent()).toContain(String(at.getFullYear()));
    expect(await exact.textContent()).toMatch(/\d:\d\d/);
  });

  it('a shared URL shows the same job, tab and filter', async () => {
    const { jobId } = await readyToSend(team);
    await page.goto(`/jobs/${jobId}/pipeline`);
    await page.getByLabel('Status').selectOption({ label: 'Rejected' });
    await page.getByText('No matches').waitFor();
    await hers.goto(page.url());
    await hers.getByText('No matches').waitFor();
    expect(await hers.getByLabel('Status').inputValue()).toBe('rejected');
    expect(await hers.getByRole('tab', { name: 'Talent pipeline' }).getAttribute('aria-selected')).toBe('true');
  });

  it('a long list has pages, and each page has a URL', async () => {
    await importCandidates(120);
    await page.goto('/candidates?search=harvest');
    await page.getByText('120 total').waitFor();
    const rows = () => page.getByRole('row').count();
    expect(await rows()).toBe(51);
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.waitForURL(/page=2/);
    await page.getByRole('button', { name: 'Page 3' }).click();
    await eventually('the last twenty are there', rows, (count) => count === 21);
    await page.reload();
    await page.getByRole('row').nth(20).waitFor();
    expect(await rows()).toBe(21);
    await page.getByRole('searchbox', { name: 'Search candidates' }).fill('harvest-007');
    await page.getByRole('cell', { name: 'harvest-007@example.org' }).waitFor();
    await page.waitForURL(/search=harvest-007$/);
  });

  async function sendFrom(window: Page, { candidateId }: ReadyToSend): Promise<void> {
    await window.goto(`/candidates/${candidateId}`);
    await window.getByRole('button', { name: 'Send background check' }).click();
    const popUp = window.getByRole('dialog', { name: 'Send background check' });
    await popUp.getByRole('button', { name: 'Send background check' }).click();
  }

  async function importCandidates(count: number): Promise<void> {
    const lines = Array.from({ length: count }, (_one, index) => {
      const value = `harvest-${String(index).padStart(3, '0')}@example.org`;
      const person = {
        first_name: 'Robin',
        last_name: `Field ${index}`,
        email_addresses: [{ value, is_primary: true }],
      };
      return JSON.stringify({ type: 'candidate', external_id: value, ...person });
    });
    const answer = await team.admin.post('/imports', lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    expect(answer.status).toBe(200);
  }
});
