import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { aSentCheck, type ConnectedTeam, readyToSend, type ReadyToSend } from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

/** Title, address, and the button that opens it. */
type PopUp = [title: string, path: (ready: ReadyToSend, checkId: string) => string, button: string];

const popUps: PopUp[] = [
  ['New job', () => '/jobs', 'New job'],
  ['New candidate', () => '/candidates', 'New candidate'],
  ['Add a candidate to this job', ({ jobId }) => `/jobs/${jobId}/pipeline`, 'Add candidate'],
  ['Delete Phone screen?', ({ jobId }) => `/jobs/${jobId}/plan`, 'Delete Phone screen'],
  ['Remove Send Certn background check?', ({ jobId }) => `/jobs/${jobId}/plan`, 'Remove Send Certn background check'],
  ['Send background check', ({ candidateId }) => `/candidates/${candidateId}`, 'Send background check'],
  ['Cancel this background check?', (_ready, id) => `/background_checks/${id}`, 'Cancel check'],
  ['Anonymise Ada Example?', ({ candidateId }) => `/candidates/${candidateId}`, 'Anonymise…'],
  ['Disable Certn?', () => '/admin/integrations?open=certn', 'Disable Certn'],
];

const menus: PopUp[] = [
  ['Add activity', ({ jobId }) => `/jobs/${jobId}/plan`, 'Add activity'],
  ['Move Ada Example to another stage', ({ jobId }) => `/jobs/${jobId}/pipeline`, 'Move Ada Example to another stage'],
  ['Account', () => '/jobs', 'Account'],
];

describe('By keyboard alone', () => {
  let stage: Stage;
  let team: ConnectedTeam;
  let ready: ReadyToSend;
  let checkId: string;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
    team = await connectedTeamCalled('Juniper Works', stage);
    ready = await readyToSend(team, { email: 'ada@example.org' });
    checkId = (await aSentCheck(team)).id;
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(() => stage.close());

  it.each(popUps)('the dialog "%s" takes the focus, keeps it and returns it', async (title, path, button) => {
    await page.goto(path(ready, checkId));
    const opener = page.getByRole('button', { name: button, exact: true }).first();
    await opener.focus();
    await page.keyboard.press('Enter');
    const popUp = page.getByRole('dialog', { name: title, exact: true });
    await popUp.waitFor();
    for (const key of [...Array<string>(12).fill('Tab'), ...Array<string>(4).fill('Shift+Tab')]) {
      await eventually('the focus is in the pop-up', () => page.evaluate<boolean>(isInPopUp), Boolean, 2_000);
      await page.keyboard.press(key);
    }
    expect(await accessibilityFaults(page)).toEqual([]);
    await fitsOnAPhone();
    await page.keyboard.press('Escape');
    await popUp.waitFor({ state: 'hidden' });
    await eventually('the focus is where it was', () => opener.evaluate(isFocused), Boolean, 2_000);
  });

  it.each(menus)('the menu "%s" works with the arrow keys and closes with Escape', async (_name, path, button) => {
    await page.goto(path(ready, checkId));
    const opener = page.getByRole('button', { name: button }).first();
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await eventually(
      'an item has the focus',
      () => role(page),
      (is) => is === 'menuitem',
      2_000,
    );
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await eventually('the focus is where it was', () => opener.evaluate(isFocused), Boolean, 2_000);
  });

  it('on a phone the menu button opens the navigation, which closes after a click', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/jobs');
    const menu = page.getByRole('button', { name: 'Menu' });
    await menu.press('Enter');
    await page.getByRole('link', { name: 'Candidates', exact: true }).waitFor();
    expect(await menu.getAttribute('aria-expanded')).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Candidates', exact: true }).press('Enter');
    await page.getByRole('heading', { name: 'Candidates', level: 1 }).waitFor();
    expect(await menu.getAttribute('aria-expanded')).toBe('false');
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it('signs in, finds the candidate and sends a check without touching the mouse [R-64, R-66, R-71]', async () => {
    const window = await stage.window();
    await window.goto('/');
    await window.getByRole('button', { name: /admin/ }).waitFor();
    await goTo(window, /admin/);
    await headed(window, 'Jobs');
    await window.reload();
    await goTo(window, /^Skip to content/);
    await eventually(
      'the content has the focus',
      () => role(window),
      (is) => is === 'main',
      2_000,
    );
    await window.reload();
    await goTo(window, /^Candidates$/);
    await headed(window, 'Candidates');
    await goTo(window, /^Search candidates$/, null);
    await window.keyboard.type('ada@');
    await eventually(
      'she alone is found',
      () => window.getByRole('link', { name: 'Ada Example' }).count(),
      (found) => found === 1,
    );
    await goTo(window, /^Ada Example$/);
    await headed(window, 'Ada Example');
    await goTo(window, /^Send background check$/);
    await window.getByRole('dialog', { name: 'Send background check' }).waitFor();
    await goTo(window, /^Send background check$/);
    await window.getByRole('article', { name: 'Basic, Invited' }).waitFor();
    expect(await team.sandbox.control.ledger({ email: 'ada@example.org' })).toHaveLength(1);
    // The button is gone, because the check is in progress: the focus stays at the activity.
    await eventually(
      'the focus is at the activity',
      () => name(window),
      (is) => is === 'Send Certn background check',
      2_000,
    );
  });

  /** Presses Tab until the named element has the focus, then the key. */
  async function goTo(window: Page, called: RegExp, key: string | null = 'Enter'): Promise<void> {
    const passed: string[] = [];
    for (let presses = 0; presses < 60; presses += 1) {
      await window.keyboard.press('Tab');
      const now = await name(window);
      if (called.test(now)) return key === null ? undefined : window.keyboard.press(key);
      passed.push(now);
    }
    throw new Error(`Tab did not reach ${String(called)}, only ${passed.join(', ')}`);
  }

  /** The screen is open: its heading has the focus. */
  async function headed(window: Page, title: string): Promise<void> {
    await window.getByRole('heading', { name: title, level: 1 }).waitFor();
    await eventually(
      'the heading has the focus',
      () => name(window),
      (is) => is === title,
      2_000,
    );
  }

  async function fitsOnAPhone(): Promise<void> {
    await page.setViewportSize({ width: 360, height: 740 });
    const width = () => page.evaluate<number>('document.scrollingElement.scrollWidth');
    await eventually('it fits on a phone', width, (is) => is <= 360, 3_000);
    await page.setViewportSize({ width: 1280, height: 720 });
  }
});

const isInPopUp = `document.activeElement.closest('[role="dialog"]') !== null`;
const isFocused = (element: { ownerDocument: { activeElement: unknown } }): boolean =>
  element.ownerDocument.activeElement === element;

/** The name of the focused element, as far as these screens need it; empty without one. */
const name = (page: Page): Promise<string> =>
  page.evaluate<string>(`(({ activeElement: at }) =>
    at === document.body ? '' : (at.ariaLabel ?? at.innerText).trim())(document)`);

const role = (page: Page): Promise<string> =>
  page.evaluate<string>(`document.activeElement.role ?? document.activeElement.localName`);
