import type { Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import type { SandboxAccount } from '../support/sandbox.js';
import { aCandidate, anAccount, anApplication, connect } from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('Jobs, their interview plans and their talent pipelines', () => {
  let stage: Stage;
  let page: Page;
  let admin: Person;
  let account: SandboxAccount;

  beforeAll(async () => {
    stage = await openStage();
    ({ admin } = await aTeam(stage.app, 'Juniper Works'));
    account = await anAccount(stage.sandbox);
    await aJob('Bookkeeper');
    await aJob('Warehouse Lead');
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(() => stage.close());

  it('finds a job by its name while typing; the address can be shared [R-41]', async () => {
    await page.getByRole('link', { name: 'Bookkeeper' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('searchbox', { name: 'Search jobs' }).fill('warehouse');
    await page.getByRole('link', { name: 'Bookkeeper' }).waitFor({ state: 'detached' });
    await page.waitForURL(/\/jobs\?search=warehouse$/);
    await page.getByRole('link', { name: 'Warehouse Lead' }).click();
    await page.getByRole('tab', { name: 'Interview plan', selected: true }).waitFor();
    await page.getByText('No stages yet').waitFor();
  });

  it('adds stages to a plan that has none [R-42]', async () => {
    for (const name of ['Phone screen', 'Background check', 'Offer']) await addStage(name);
    expect(await order()).toEqual(['Phone screen', 'Background check', 'Offer']);
  });

  it('offers no background check before Certn is connected, and links to the set-up [R-22]', async () => {
    await stageCalled('Offer').getByRole('button', { name: 'Add activity' }).click();
    await page.getByRole('menuitem', { name: 'Interview' }).waitFor();
    expect(await page.getByRole('menuitem').allTextContents()).not.toContain('Certn background check');
    await page.keyboard.press('Escape');
    const link = page.getByRole('link', { name: 'Open Integrations' });
    expect(await link.getAttribute('href')).toBe('/admin/integrations/certn');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('adds a background check by choosing its package, once Certn is connected [R-40, R-43, R-44, R-45]', async () => {
    await connect(admin, account);
    await page.reload();
    const certn = stageCalled('Background check');
    await chooseCertn(certn);
    expect(await accessibilityFaults(page)).toEqual([]);
    await choosePackage(certn, 'Basic');
    await certn.getByText('Send Certn background check').waitFor();
    await certn.getByText('Package: Basic').waitFor();
    expect(await focused()).toBe('Add activity');
  });

  it('adds a background check to any stage, beside interviews [R-46]', async () => {
    const offer = stageCalled('Offer');
    await offer.getByRole('button', { name: 'Add activity' }).click();
    await page.getByRole('menuitem', { name: 'Interview' }).click();
    await offer.getByLabel('Interview name').fill('Meet the team');
    await page.keyboard.press('Enter');
    await offer.getByText('Meet the team').waitFor();
    await chooseCertn(offer);
    await choosePackage(offer, 'Criminal and credit');
    await offer.getByText('Package: Criminal and credit').waitFor();
  });

  it('changes the package, and removes an activity [R-47]', async () => {
    const offer = stageCalled('Offer');
    await offer.getByRole('button', { name: 'Change package' }).click();
    await choosePackage(offer, 'Basic');
    await offer.getByText('Package: Basic').waitFor();
    await offer.getByRole('button', { name: 'Remove Send Certn background check' }).click();
    const asking = page.getByRole('dialog', { name: 'Remove Send Certn background check?' });
    await asking.getByRole('button', { name: 'Remove' }).click();
    await offer.getByText('Send Certn background check').waitFor({ state: 'detached' });
  });

  it('shows a removed package as unavailable, and the current list after a refresh [R-32, R-33, R-35]', async () => {
    const [basic, other] = account.packages;
    const sold = [
      { ...basic, name: 'Basic', is_active: false },
      { ...other, name: 'Criminal and credit' },
      { name: 'Driving record' },
    ];
    await stage.sandbox.control.setPackages(account.id, sold);
    const certn = stageCalled('Background check');
    await certn.getByRole('button', { name: 'Change package' }).click();
    await certn.getByRole('button', { name: 'Refresh packages' }).click();
    await certn.getByText('Unavailable', { exact: true }).waitFor();
    await certn.getByRole('combobox', { name: 'Certn package' }).click();
    await certn.getByRole('option', { name: 'Driving record' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await certn.getByRole('option', { name: 'Driving record' }).click();
    await certn.getByText('Package: Driving record').waitFor();
    expect(await certn.getByText('Unavailable', { exact: true }).count()).toBe(0);
  });

  it('says that Certn is unreachable instead of showing an empty list [R-34]', async () => {
    await stage.sandbox.control.fault({
      account: account.id,
      route: 'packages',
      kind: 'status',
      status: 503,
      times: null,
    });
    const certn = stageCalled('Background check');
    await certn.getByRole('button', { name: 'Change package' }).click();
    await certn.getByRole('button', { name: 'Refresh packages' }).click();
    await certn.getByText('Certn is unreachable', { exact: false }).waitFor();
    await stage.sandbox.control.clearFaults();
    await certn.getByRole('button', { name: 'Cancel' }).click();
  });

  it('moves stages with the keyboard, keeping its place, and by dragging', async () => {
    await page.getByRole('button', { name: 'Move Offer up' }).focus();
    await page.keyboard.press('Enter');
    await orderIs(['Phone screen', 'Offer', 'Background check']);
    expect(await focused()).toBe('Move Offer up');
    await page.getByText('Offer is now stage 2 of 3.').waitFor({ state: 'attached' });
    await drag('Phone screen', 'Background check');
    await orderIs(['Offer', 'Background check', 'Phone screen']);
    await page.reload();
    await orderIs(['Offer', 'Background check', 'Phone screen']);
  });

  it('says who renamed a stage meanwhile, and keeps what was typed', async () => {
    const colleague = await aColleague(admin, 'standard', { name: 'Grace Hopper' });
    await page.getByRole('button', { name: 'Rename Phone screen' }).click();
    await page.getByLabel('Stage name').fill('Video call');
    const [job] = (await admin.get<{ id: string }[]>('/jobs?search=warehouse')).body;
    const stages = (await admin.get<{ id: string; name: string }[]>(`/jobs/${job?.id}/stages`)).body;
    const id = stages.find(({ name }) => name === 'Phone screen')?.id;
    await colleague.patch(`/job_stages/${id}`, { name: 'Phone screening' });
    await page.keyboard.press('Enter');
    const alert = page
      .getByRole('alert')
      .filter({ hasText: /Grace Hopper changed this on \d+ \w+ \d{4}, \d\d:\d\d\./ });
    await alert.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await alert.getByRole('button', { name: 'Load the latest version' }).click();
    await page.getByText('The latest version is loaded, and your entries are kept.').waitFor();
    expect(await page.getByLabel('Stage name').inputValue()).toBe('Video call');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { name: 'Video call', exact: true }).waitFor();
    await colleague.patch(`/job_stages/${id}`, { name: 'Phone screen' });
    await page.reload();
    await page.getByRole('heading', { name: 'Phone screen', exact: true }).waitFor();
  });

  it('renames a stage', async () => {
    await page.getByRole('button', { name: 'Rename Phone screen' }).click();
    await page.getByLabel('Stage name').fill('First call');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'First call', exact: true }).waitFor();
  });

  it('deletes an empty stage, but not one with candidates [R-48]', async () => {
    await anApplication(admin, await aCandidate(admin), jobId());
    await deleteStage('Offer');
    await page.getByText('An active application is in this stage.', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await deleteStage('First call');
    await orderIs(['Offer', 'Background check']);
  });

  it('shows the candidates by stage in the talent pipeline, links to them and moves them', async () => {
    await page.getByRole('tab', { name: 'Talent pipeline' }).click();
    const offer = page.getByRole('list', { name: 'Offer' });
    const link = offer.getByRole('link', { name: 'Ada Example' });
    expect(await link.getAttribute('href')).toMatch(/^\/candidates\/[^?]+\?application=.+/);
    await offer.getByText('No background check').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Move Ada Example to another stage' }).click();
    await page.getByRole('menuitem', { name: 'Background check' }).click();
    await page.getByRole('list', { name: 'Background check' }).getByText('Ada Example').waitFor();
  });

  it('finds a candidate by part of a name or an address', async () => {
    await page.goto('/candidates');
    await page.getByRole('searchbox', { name: 'Search candidates' }).fill('ada-');
    await page.getByRole('link', { name: 'Ada Example' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('searchbox', { name: 'Search candidates' }).fill('no such name');
    await page.getByText('No matches').waitFor();
  });

  it('shows the plan read-only to users who may not edit it', async () => {
    const id = await aJob('Night Guard');
    await admin.post(`/jobs/${id}/stages`, { name: 'Interview' });
    const reader = await aColleague(admin, 'limited', { name: 'Rui Reader' });
    await admin.put(`/jobs/${id}/permissions`, [{ user_id: reader.id, permissions: ['view_results'] }]);
    const window = await stage.window();
    await signIn(window, 'Juniper Works', /Rui Reader/);
    expect(await window.getByRole('button', { name: 'New job' }).count()).toBe(0);
    await window.getByRole('link', { name: 'Night Guard' }).click();
    await window.getByText('View only', { exact: false }).waitFor();
    await window.getByRole('heading', { name: 'Interview', exact: true }).waitFor();
    expect(await window.getByRole('button', { name: /Add|Move|Rename|Delete/ }).count()).toBe(0);
    await window.goto(`/jobs/${jobId()}/plan`);
    await window.getByText('Not found').waitFor();
  });

  const jobId = (): string => current;
  let current = '';

  async function aJob(name: string): Promise<string> {
    const { body } = await admin.post<{ id: string }>('/jobs', { name });
    if (name === 'Warehouse Lead') current = body.id;
    return body.id;
  }

  const stageCalled = (name: string): Locator => page.getByRole('listitem', { name, exact: true });
  const order = (): Promise<string[]> => page.getByRole('heading', { level: 2 }).allTextContents();
  const focused = (): Promise<string> =>
    page.evaluate<string>('document.activeElement.ariaLabel ?? document.activeElement.innerText');

  async function orderIs(names: string[]): Promise<void> {
    await eventually('the stages are in that order', order, (seen) => seen.join() === names.join());
  }

  async function addStage(name: string): Promise<void> {
    await page.getByRole('button', { name: 'Add new stage' }).click();
    await page.getByLabel('Stage name').fill(name);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name, exact: true }).waitFor();
  }

  async function chooseCertn(stageItem: Locator): Promise<void> {
    await stageItem.getByRole('button', { name: 'Add activity' }).click();
    await page.getByRole('menuitem', { name: 'Certn background check' }).click();
    await stageItem.getByRole('combobox', { name: 'Certn package' }).waitFor();
  }

  async function choosePackage(stageItem: Locator, name: string): Promise<void> {
    await stageItem.getByRole('combobox', { name: 'Certn package' }).click();
    await stageItem.getByRole('option', { name }).click();
  }

  async function deleteStage(name: string): Promise<void> {
    await page.getByRole('button', { name: `Delete ${name}` }).click();
    const asking = page.getByRole('dialog', { name: `Delete ${name}?` });
    await asking.getByRole('button', { name: 'Delete stage' }).click();
  }

  /** The handle is for pointers only, so its position is all there is to find it. */
  async function drag(name: string, onto: string): Promise<void> {
    const from = await stageCalled(name).getByTitle('Drag to move').boundingBox();
    const to = await stageCalled(onto).boundingBox();
    if (!from || !to) throw new Error('the stages are not on the screen');
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + 40, to.y + to.height / 2, { steps: 8 });
    await page.mouse.up();
  }
});
