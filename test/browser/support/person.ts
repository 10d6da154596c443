import type { Page } from 'playwright-core';

/** Signs in on the local run's page, as a person of that team does. */
export async function signIn(page: Page, team: string, name: string | RegExp): Promise<void> {
  await page.goto('/');
  await page.getByRole('group', { name: team, exact: true }).getByRole('button', { name }).click();
  await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
}

/** Account, Admin settings, Integrations. */
export async function openIntegrations(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Admin settings' }).click();
  await page.getByRole('link', { name: 'Integrations' }).click();
  await page.getByRole('heading', { name: 'Integrations', level: 1 }).waitFor();
}
