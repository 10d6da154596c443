import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import { shows } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import { aColleague } from '../support/people.js';
import { aSentCheck, completes, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

const unknownOutcomes = {
  ORDER_TIMEOUT_MS: '500',
  ORDER_OUTCOME_UNKNOWN_SECONDS: '1,2,3,4',
  ORDER_VISIBILITY_LAG_SECONDS: '1',
  ORDER_RESENDS: '0',
};

describe('A check', () => {
  let stage: Stage;
  let team: ConnectedTeam;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(async () => unknownOutcomes);
    team = await connectedTeamCalled('Juniper Works', stage);
    // A case that Certn's list must show: without one, a list proves nothing about a lost response.
    await aSentCheck(team);
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(() => stage.close());

  it('is cancelled after a confirmation that lists the consequences', async () => {
    const { id } = await aSentCheck(team);
    await show(id);
    await button('Cancel check').click();
    const asking = page.getByRole('dialog', { name: 'Cancel this background check?' });
    await asking.getByText('This cannot be undone.', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await asking.getByRole('button', { name: 'Cancel check' }).click();
    await reaches(team, id, 'cancelled');
    await page.getByRole('listitem').getByText('Invited → Cancelled').waitFor();
    expect(await button('Cancel check').count()).toBe(0);
  });

  it('is resent to the corrected address after its invitation bounced', async () => {
    const ready = await readyToSend(team, { email: 'bounce-ines@example.org' });
    const { id } = (await send(team.admin, ready)).body;
    await reaches(team, id, 'undeliverable');
    await show(id);
    await button('Correct address and resend').click();
    const again = page.getByRole('dialog', { name: 'Resend background check' });
    expect(await again.getByLabel('Email').inputValue()).toBe('bounce-ines@example.org');
    await again.getByText('The invitation to this address bounced', { exact: false }).waitFor();
    await again.getByRole('button', { name: 'Resend to the same address' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await again.getByLabel('Email').fill('ines@example.org');
    await again.getByRole('button', { name: 'Resend', exact: true }).click();
    await page.getByText('Replaced by a newer check', { exact: false }).getByRole('link').click();
    await page.getByText('for ines@example.org', { exact: false }).waitFor();
    await page.getByText('Replaces an earlier check', { exact: false }).waitFor();
    const written = () => team.sandbox.control.mailbox({ email: 'ines@example.org' });
    await eventually('Certn wrote to the corrected address', written, ({ length }) => length === 1);
  });

  it("updates the candidate's profile with the corrected address only when the box is ticked", async () => {
    const ready = await readyToSend(team, { email: 'bounce-rosa@example.org' });
    const { id } = (await send(team.admin, ready)).body;
    await reaches(team, id, 'undeliverable');
    await show(id);
    const dialog = page.getByRole('dialog', { name: 'Resend background check' });
    const profileBox = dialog.getByRole('checkbox', { name: "Also update the candidate's profile" });
    const resendTo = async (email: string): Promise<void> => {
      await dialog.getByLabel('Email').fill(email);
      await profileBox.waitFor();
    };
    const addresses = async () => (await team.admin.get(`/candidates/${ready.candidateId}`)).body['email_addresses'];

    await button('Correct address and resend').click();
    await resendTo('bounce-rosa-2@example.org');
    expect(await profileBox.isChecked()).toBe(false);
    await dialog.getByRole('button', { name: 'Resend', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await addresses()).toEqual([{ value: 'bounce-rosa@example.org', is_primary: true }]);

    await page.getByText('Replaced by a newer check', { exact: false }).getByRole('link').click();
    await button('Correct address and resend').click();
    await resendTo('rosa@example.org');
    await profileBox.check();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Resend', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    // A live update may close the dialog first: the check that it belongs to was replaced.
    const corrected = [{ value: 'rosa@example.org', is_primary: true }];
    await eventually('the profile is updated', addresses, (found) => isDeepStrictEqual(found, corrected));
  });

  it('is refreshed from Certn', async () => {
    const { id, caseId } = await aSentCheck(team);
    const [webhook] = (await team.sandbox.control.account(team.account.id)).webhooks;
    await team.sandbox.control.enableWebhook(team.account.id, webhook?.id ?? '', false);
    await show(id);
    await team.sandbox.control.act(caseId, 'open');
    await button('Refresh').click();
    await page.getByText('Status refreshed').waitFor();
    await page.getByText('Invite opened', { exact: true }).waitFor();
    await team.sandbox.control.enableWebhook(team.account.id, webhook?.id ?? '', true);
  });

  it('is linked to its case by a user after the response to the order was lost [E10]', async () => {
    const email = 'twice@example.org';
    const ready = await readyToSend(team, { email });
    const fault = { account: team.account.id, route: 'order-package', kind: 'commit-then-hang', ms: 3000, times: 1 };
    await team.sandbox.control.fault(fault);
    const { id } = (await send(team.admin, ready)).body;
    await team.sandbox.control.createPortalCase({ account: team.account.id, email_address: email });
    await shows(team, id, 'the need', ({ status }) => status === 'needs_decision', 20_000);
    const cases = await team.sandbox.control.cases({ email });
    const chosen = cases[0]?.id ?? '';
    await show(id);
    await button('Decide').click();
    const asking = page.getByRole('dialog', { name: 'What happened to this check at Certn?' });
    await asking.getByRole('button', { name: 'Decide' }).click();
    await asking.getByText('Choose an option').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await asking.getByRole('radio', { name: `Case ${chosen}` }).check();
    await asking.getByRole('button', { name: 'Decide' }).click();
    await page.getByRole('listitem').getByText('Decided manually').waitFor();
    await eventually(
      'the case is followed',
      () => shows(team, id, 'its case', () => true),
      ({ vendor }) => {
        return vendor.case_id === chosen;
      },
    );
  });

  it('comes first in the list when it needs attention; the filters are in the URL', async () => {
    const lost = await readyToSend(team, { email: 'bounce-again@example.org' });
    const { id } = (await send(team.admin, lost)).body;
    await reaches(team, id, 'undeliverable');
    await page.goto('/background_checks');
    const waiting = page.getByRole('region', { name: 'Needs attention' });
    await waiting.getByText('Invite undeliverable').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Status').first().click();
    await page.getByRole('option', { name: 'Cancelled' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Matching checks' }).waitFor();
    const rows = page.getByRole('table', { name: 'Background checks' }).getByRole('row');
    await eventually(
      'one check fits',
      () => rows.count(),
      (count) => count === 2,
    );
    expect(page.url()).toContain('cancelled');
    const link = page.url();
    await page.goto(link);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('heading', { name: 'All checks' }).waitFor();
  });

  it('stays visible after its activity was removed from the plan [R-47]', async () => {
    const { itemId, candidateId, applicationId } = await aSentCheck(team);
    await team.admin.delete(`/job_stage_items/${itemId}`);
    await page.goto(`/candidates/${candidateId}?application=${applicationId}`);
    const activity = page.getByRole('region', { name: 'Background check' });
    await activity.getByText('Removed from the plan').waitFor();
    await activity.getByRole('article', { name: 'Basic, Invited' }).waitFor();
  });

  it('shows results only to users who may see them; others have no link and read why', async () => {
    const { id, caseId } = await aSentCheck(team);
    await completes(team, caseId);
    await reaches(team, id, 'complete');
    await aColleague(team.admin, 'standard', { name: 'Cleo Adeyemi' });
    const window = await stage.window();
    await signIn(window, 'Juniper Works', /Cleo Adeyemi/);
    await window.goto(`/background_checks/${id}`);
    await window.getByText('Complete', { exact: true }).waitFor();
    expect(await window.getByText('Clear', { exact: true }).count()).toBe(0);
    expect(await window.getByRole('link', { name: 'Results URL' }).count()).toBe(0);
    await window.goto(`/background_checks/${id}/results`);
    await window.getByText("You don't have access").waitFor();
    expect(await accessibilityFaults(window)).toEqual([]);
  });

  it('says that Certn could not create the report, and tries again on request', async () => {
    await team.sandbox.control.patchAccount(team.account.id, { settings: { report_outcome: 'FAILED' } });
    const { id, caseId } = await aSentCheck(team);
    await completes(team, caseId);
    await reaches(team, id, 'complete');
    await page.goto(`/background_checks/${id}/results`);
    await page.getByText('Loading failed').waitFor();
    await team.sandbox.control.patchAccount(team.account.id, { settings: { report_outcome: 'COMPLETE' } });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByTitle('Results of the background check').waitFor();
  });

  const button = (name: string) => page.getByRole('main').getByRole('button', { name, exact: true });

  async function show(id: string): Promise<void> {
    await page.goto(`/background_checks/${id}`);
    await page.getByRole('heading', { name: 'History' }).waitFor();
  }
});
