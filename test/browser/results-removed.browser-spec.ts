import type { Page } from 'playwright-core';
import { shown } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import { checkEndedAgo, resultRunIsDue, resultRuleSince } from '../support/privacy.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { aSentCheck, completes, type ConnectedTeam } from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('Retention of results', () => {
  let stage: Stage;
  let team: ConnectedTeam;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
    team = await connectedTeamCalled('Alder Works', stage);
    page = await stage.window();
    await signIn(page, 'Alder Works', /admin/);
  });
  afterAll(() => stage.close());

  /** A check that was completed so long ago. */
  async function completed(ago: string): Promise<{ id: string; candidateId: string; applicationId: string }> {
    const check = await aSentCheck(team);
    await completes(team, check.caseId, 'REVIEW');
    await eventually(
      'it has a result',
      () => shown(team, check.id),
      ({ result }) => result !== null,
    );
    await checkEndedAgo(stage.app, check.id, ago);
    return check;
  }

  it('has its own rule, which asks for confirmation before it becomes stricter', async () => {
    await page.goto('/admin/privacy');
    await rule().getByText('Results are kept as long as the candidate.').waitFor();
    await rule()
      .getByRole('radio', { name: /^Remove results/ })
      .check();
    await rule().getByRole('textbox', { name: 'Months' }).fill('6');
    await rule().getByRole('button', { name: 'Save', exact: true }).click();
    const asking = page.getByRole('dialog', { name: 'Remove results after 6 months?' });
    await asking.getByText('also for people who were hired', { exact: false }).waitFor();
    await asking.getByText('In the first week the rule removes no results.', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await asking.getByRole('button', { name: 'Save this rule' }).click();
    await rule()
      .getByText('Results are removed 6 months after the check ended, also for people who were hired.')
      .waitFor();
    await page.getByRole('region', { name: 'Candidates' }).getByText('Candidate data is kept indefinitely.').waitFor();
    expect((await team.admin.get('/result_retention_rule')).body).toEqual({ months: 6 });
    await picture('retention-rules');
  });

  it('lists due, failed and removed results, and marks the check', async () => {
    await resultRuleSince(stage.app, team.teamId, '8 days');
    const [due, stuck] = [await completed('7 months'), await completed('7 months')];
    await page.goto('/admin/privacy?show=due');
    const table = page.getByRole('table', { name: 'Results due within a week' });
    await eventually(
      'both are due',
      () => table.getByRole('row').count(),
      (rows) => rows === 3,
    );
    await page.reload();
    const banner = page.getByRole('status').filter({ hasText: 'results will be removed within a week.' });
    await banner.getByText('2 results will be removed', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await withDatabase(stage.app, (db) =>
      db.query(`update integrations.vendor_case set state = 'in_dispute' where order_id = $1`, [stuck.id]),
    );
    await resultRunIsDue(stage.app, team.teamId);
    await eventually(
      'the result is removed',
      () => shown(team, due.id),
      (check) => check.result_removed_at !== null,
      20_000,
    );
    await eventually(
      'the other is put off',
      async () => (await team.admin.get<unknown[]>('/result_retention_rule/failures')).body.length,
      (failures) => failures === 1,
    );
    await page.reload();
    await page.getByText('1 could not be erased yet').waitFor();
    await page.getByText(/Ada Example, result of Basic/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('retention-due');
    await page.getByRole('tab', { name: 'Results removed' }).click();
    await page
      .getByRole('table', { name: 'Removed results' })
      .getByRole('link', { name: /^Open check Basic/ })
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('results-removed');
    await page.goto(`/candidates/${due.candidateId}`);
    const card = page.getByRole('article', { name: 'Basic, Complete' });
    await card.getByText(/^Result removed on \d+ \w+ \d{4}$/).waitFor();
    expect(await card.getByRole('link', { name: 'Results URL' }).count()).toBe(0);
    await card.getByRole('button', { name: 'History' }).click();
    await card.getByText('Result changed').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('check-without-result');
    await page.goto(`/background_checks/${due.id}/results`);
    await page.getByText(/^The result of this check was removed on/).waitFor();
  }, 90_000);

  const rule = () => page.getByRole('region', { name: 'Background check results' });

  /** Screenshots, on request. */
  async function picture(name: string): Promise<void> {
    const folder = process.env['PICTURES'];
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }
});
