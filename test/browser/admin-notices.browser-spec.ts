import type { Page } from 'playwright-core';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { aCandidate } from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('The notice about changes by other admins', () => {
  let stage: Stage;
  let admin: Person;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
    ({ admin } = await aTeam(stage.app, 'Notice Works'));
    const second = await aColleague(admin, 'admin', { name: 'Second Admin' });
    const auditor = await aColleague(admin, 'limited', { name: 'Grace Auditor' });
    await second.patch(`/users/${auditor.id}`, { linked_candidate_ids: [await aCandidate(admin)] });
    page = await stage.window();
  });
  afterAll(() => stage.close());

  const notice = () =>
    page.getByText('Second Admin changed which candidates Grace Auditor is linked to', { exact: false });

  it('is shown on every screen of an admin, without their own changes', async () => {
    await signIn(page, 'Notice Works', /admin-/);
    await notice().waitFor();
    expect(await page.getByText('made Second Admin an admin', { exact: false }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Candidates' }).click();
    await page.getByRole('heading', { name: 'Candidates', level: 1 }).waitFor();
    await notice().waitFor();
  });

  it('stays dismissed until there is a new change', async () => {
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await notice().waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('heading', { name: 'Candidates', level: 1 }).waitFor();
    expect(await notice().count()).toBe(0);
    const third = await aColleague(admin, 'admin', { name: 'Third Admin' });
    await aColleague(third, 'admin', { name: 'Fourth Admin' });
    await page.reload();
    await page.getByText('Third Admin made Fourth Admin an admin', { exact: false }).waitFor();
    expect(await notice().count()).toBe(0);
  });

  it('is not shown to other users', async () => {
    const other = await stage.window();
    await signIn(other, 'Notice Works', /Grace Auditor/);
    expect(await other.getByText('The audit log has the details', { exact: false }).count()).toBe(0);
  });
});
