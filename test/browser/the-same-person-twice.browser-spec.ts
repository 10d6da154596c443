import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import {
  aCandidate,
  aCertnItem,
  aJob,
  anApplication,
  aSentCheck,
  aStage,
  type ConnectedTeam,
  readyToSend,
} from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('The same person twice', () => {
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

  it('shows existing candidates with the address while typing, and asks before a duplicate', async () => {
    await aCandidate(team.admin, 'ada@example.org');
    await openForm();
    await type('Ida', 'Lovelace', 'ADA@example.org');
    const known = dialog().getByRole('status').filter({ hasText: 'This email address is already in use' });
    await known.getByRole('link', { name: 'Ada Example' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Add anyway' }).click();
    await page.getByRole('heading', { name: 'Ida Lovelace', level: 1 }).waitFor();
  });

  it('asks also when the user is faster than the lookup', async () => {
    await openForm();
    const answered = Promise.withResolvers<void>();
    await page.route(
      (url) => url.searchParams.has('email'),
      (route) => answered.promise.then(() => route.continue()),
    );
    await type('Eda', 'Lovelace', 'ada@example.org');
    await page.keyboard.press('Enter');
    answered.resolve();
    await dialog().getByRole('button', { name: 'Add anyway' }).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    const { body } = await team.admin.get<unknown[]>('/candidates?search=Eda');
    expect(body).toEqual([]);
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  it('rejects an invalid address at its field', async () => {
    await openForm();
    await type('Uma', 'Lovelace', 'x@@y');
    await page.keyboard.press('Enter');
    await dialog().getByText('Enter a valid email address').waitFor();
    expect(await dialog().getByLabel('Email').getAttribute('aria-invalid')).toBe('true');
    expect(await dialog().getByRole('alert').count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  it('asks before the same package goes to the same address within 30 days, for any candidate', async () => {
    const first = await aSentCheck(team, { email: 'twice@example.org' });
    const ready = await readyToSend(team, { email: 'Twice@example.org' });
    await page.goto(`/candidates/${ready.candidateId}?application=${ready.applicationId}`);
    await page.getByRole('button', { name: 'Send background check' }).click();
    const popUp = page.getByRole('dialog', { name: 'Send background check' });
    await popUp.getByText('was sent to twice@example.org for Ada Example', { exact: false }).waitFor();
    expect(await popUp.getByRole('link', { name: 'Open check' }).getAttribute('href')).toBe(
      `/background_checks/${first.id}`,
    );
    expect(await popUp.getByRole('button', { name: 'Send background check' }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    // Another package needs no confirmation.
    await popUp.getByLabel('Package').selectOption({ label: 'Criminal and credit' });
    await popUp.getByRole('button', { name: 'Send background check' }).waitFor();
    await popUp.getByLabel('Package').selectOption({ label: 'Basic' });
    await popUp.getByRole('button', { name: 'Send anyway' }).click();
    await popUp.waitFor({ state: 'hidden' });
    await eventually(
      'both were ordered',
      () =>
        Promise.all(['twice', 'Twice'].map((name) => team.sandbox.control.ledger({ email: `${name}@example.org` }))),
      (orders) => orders.flat().length >= 2,
    );
  });

  it('does not add a candidate to the same job twice, and links to the application', async () => {
    const jobId = await aJob(team.admin, { name: 'Gardener' });
    await aCertnItem(team.admin, await aStage(team.admin, jobId, 'Background check'), team.packageId);
    const gardener = { first_name: 'Rosa', last_name: 'Thorn', email_addresses: [{ value: 'rosa@example.org' }] };
    const { body } = await team.admin.post<{ id: string }>('/candidates', gardener);
    const candidateId = body.id;
    const applicationId = await anApplication(team.admin, candidateId, jobId);
    await page.goto(`/jobs/${jobId}/pipeline`);
    await page.getByRole('button', { name: 'Add candidate' }).click();
    const adding = page.getByRole('dialog', { name: 'Add a candidate to this job' });
    await adding.getByRole('searchbox').fill('Rosa');
    await adding.getByRole('button', { name: 'Add Rosa Thorn' }).click();
    await adding.getByText('This candidate already has an active application for this job.').waitFor();
    const link = adding.getByRole('link', { name: 'Open application' });
    expect(await link.getAttribute('href')).toBe(`/candidates/${candidateId}?application=${applicationId}`);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  const dialog = () => page.getByRole('dialog', { name: 'New candidate' });

  async function openForm(): Promise<void> {
    await page.goto('/candidates');
    await page.getByRole('button', { name: 'New candidate' }).click();
  }

  async function type(first: string, last: string, email: string): Promise<void> {
    await dialog().getByLabel('First name').fill(first);
    await dialog().getByLabel('Last name').fill(last);
    await dialog().getByLabel('Email').fill(email);
  }
});
