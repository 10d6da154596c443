import type { Page } from 'playwright-core';
import { aSentCheck, completes, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('A paid click', () => {
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

  const checksOf = async (applicationId: string): Promise<unknown[]> => {
    const { body } = await team.admin.get<unknown[]>(`/background_checks?application_id=${applicationId}`);
    return body;
  };

  it('fails at once offline, and is not sent later', async () => {
    const ready = await readyToSend(team, { email: 'offline@example.org' });
    await page.goto(`/candidates/${ready.candidateId}`);
    await page.getByRole('button', { name: 'Send background check' }).click();
    const popUp = page.getByRole('dialog', { name: 'Send background check' });
    await popUp.getByText('offline@example.org').waitFor();
    await page.context().setOffline(true);
    await page.getByText('You are offline', { exact: false }).waitFor();
    await popUp.getByRole('button', { name: 'Send background check' }).click();
    await popUp.getByRole('alert').getByText('cannot be reached', { exact: false }).waitFor();
    await popUp.getByRole('button', { name: 'Cancel' }).click();
    await popUp.waitFor({ state: 'detached' });
    await page.context().setOffline(false);
    await page.getByText('You are back online.').waitFor();
    await page.locator('main[data-live="live"]').waitFor();
    expect(await checksOf(ready.applicationId)).toEqual([]);
  });

  it('is aborted when the dialog closes before the response', async () => {
    const ready = await readyToSend(team, { email: 'slow@example.org' });
    const reached = Promise.withResolvers<void>();
    await page.route('**/background_checks', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      // Never answered: the request hangs.
      reached.resolve();
    });
    const ended = page.waitForEvent('requestfailed', (request) => request.method() === 'POST');
    await page.goto(`/candidates/${ready.candidateId}`);
    await page.getByRole('button', { name: 'Send background check' }).click();
    const popUp = page.getByRole('dialog', { name: 'Send background check' });
    await popUp.getByRole('button', { name: 'Send background check' }).click();
    await reached.promise;
    await popUp.getByRole('button', { name: 'Cancel' }).click();
    expect((await ended).failure()?.errorText).toContain('ERR_ABORTED');
    await page.unrouteAll();
    expect(await checksOf(ready.applicationId)).toEqual([]);
  });

  it('after a bounce can only correct the address: no second check beside the first', async () => {
    const ready = await readyToSend(team, { email: 'bounce-paid@example.org' });
    const { id } = (await send(team.admin, ready)).body;
    await reaches(team, id, 'undeliverable');
    await page.goto(`/candidates/${ready.candidateId}`);
    await page.getByRole('button', { name: 'Correct address and resend' }).waitFor();
    expect(await page.getByRole('button', { name: 'Send background check' }).count()).toBe(0);
  });

  it('after a complete check warns that it orders a second one', async () => {
    const { id, caseId, candidateId, applicationId } = await aSentCheck(team);
    await completes(team, caseId);
    await reaches(team, id, 'complete');
    await page.goto(`/candidates/${candidateId}?application=${applicationId}`);
    await page.getByRole('link', { name: 'Open results' }).waitFor();
    await page.getByRole('button', { name: 'Send background check' }).click();
    const popUp = page.getByRole('dialog', { name: 'Send background check' });
    await popUp.getByText('This orders a second check', { exact: false }).waitFor();
    await popUp.getByRole('button', { name: 'Cancel' }).click();
    expect(await checksOf(applicationId)).toHaveLength(1);
  });
});
