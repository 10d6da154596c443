import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { aMachine } from '../support/machines.js';
import { aColleague, aTeam } from '../support/people.js';
import {
  aCandidate,
  aJob,
  aSentCheck,
  completes,
  type ConnectedTeam,
  reaches,
  type ReadyToSend,
} from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

type Sent = ReadyToSend & { id: string };

/** What the screens show: one of each. */
interface Shown {
  complete: Sent;
  invited: Sent;
  emptyJobId: string;
  lonelyCandidateId: string;
}

/** Name, address, and a text that shows that the screen is complete. */
type Screen = [name: string, path: (shown: Shown) => string, words: string];

const unknown = '01890000-0000-7000-8000-000000000000';

const screens: Screen[] = [
  ['jobs', () => '/jobs', 'Requisition'],
  ['jobs without a match', () => '/jobs?search=nothing+like+it', 'No matches'],
  ['an interview plan', ({ complete }) => `/jobs/${complete.jobId}/plan`, 'Send Certn background check'],
  ['an interview plan without stages', ({ emptyJobId }) => `/jobs/${emptyJobId}/plan`, 'No stages yet'],
  ['a talent pipeline', ({ complete }) => `/jobs/${complete.jobId}/pipeline`, 'Ada Example'],
  ['a talent pipeline without stages', ({ emptyJobId }) => `/jobs/${emptyJobId}/pipeline`, 'No candidates yet'],
  ['a missing job', () => `/jobs/${unknown}/plan`, 'Not found'],
  ['candidates', () => '/candidates', 'Ada Example'],
  ['candidates without a match', () => '/candidates?search=no+such+name', 'No matches'],
  ['an application with a complete check', ({ complete }) => `/candidates/${complete.candidateId}`, 'Complete'],
  ['a candidate without applications', ({ lonelyCandidateId: id }) => `/candidates/${id}`, 'No applications'],
  ['a missing candidate', () => `/candidates/${unknown}`, 'Not found'],
  ['background checks', () => '/background_checks', 'All checks'],
  ['background checks without a match', () => '/background_checks?status=expired', 'No matches'],
  ['a background check', ({ complete }) => `/background_checks/${complete.id}`, 'Sent by'],
  ['a missing background check', () => `/background_checks/${unknown}`, 'Not found'],
  ['results', ({ complete }) => `/background_checks/${complete.id}/results`, 'Download PDF'],
  ['no results yet', ({ invited }) => `/background_checks/${invited.id}/results`, 'Results are not ready yet'],
  ['admin settings', () => '/admin', 'Connect services'],
  ['integrations', () => '/admin/integrations', 'Connected'],
  ['the Certn integration', () => '/admin/integrations/certn', 'Expires '],
  ['webhook endpoints', () => '/admin/webhook_endpoints', 'No webhook endpoints yet'],
  ['a missing webhook endpoint', () => `/admin/webhook_endpoints/${unknown}`, 'Not found'],
  ['the retention rule', () => '/admin/privacy', 'kept indefinitely'],
  ['who is due to be anonymised', () => '/admin/privacy?show=due', 'No candidates due'],
  ['who was anonymised', () => '/admin/privacy?show=anonymised', 'No candidates anonymised'],
  ['service accounts', () => '/admin/service_accounts', 'Ends in'],
  ['an unknown address', () => '/jobs/a/b/c', 'Page not found'],
];

const emptyScreens: Screen[] = [
  ['no jobs', () => '/jobs', 'No jobs yet'],
  ['no candidates', () => '/candidates', 'No candidates yet'],
  ['no background checks', () => '/background_checks', 'No background checks yet'],
  ['no service accounts', () => '/admin/service_accounts', 'No service accounts yet'],
  ['Certn before it is connected', () => '/admin/integrations/certn', 'Save & close'],
];

const forbiddenScreens: Screen[] = [
  ['no jobs for me', () => '/jobs', 'No jobs yet'],
  ['no candidates for me', () => '/candidates', 'No candidates yet'],
  ["another user's job", ({ complete }) => `/jobs/${complete.jobId}/pipeline`, 'Not found'],
  ['no background checks for me', () => '/background_checks', 'No background checks yet'],
  ['admin settings', () => '/admin', "You don't have access"],
  ['integrations', () => '/admin/integrations/certn', "You don't have access"],
  ['service accounts', () => '/admin/service_accounts', "You don't have access"],
  ['data retention', () => '/admin/privacy', "You don't have access"],
  ['webhook endpoints', () => '/admin/webhook_endpoints', "You don't have access"],
  ['a webhook endpoint', () => `/admin/webhook_endpoints/${unknown}`, "You don't have access"],
];

/** The failing request, and the screen that needs it. */
const failures: [what: string, asked: string, path: (shown: Shown) => string][] = [
  ['who I am', '/me', () => '/jobs'],
  ['the jobs', '/jobs?*', () => '/jobs'],
  ['a job', '/jobs/*', ({ complete }) => `/jobs/${complete.jobId}/plan`],
  ['the stages', '/jobs/*/stages', ({ complete }) => `/jobs/${complete.jobId}/plan`],
  ['the candidates', '/candidates?*', () => '/candidates'],
  ['a plan', '/applications/*/interview_plan', ({ complete }) => `/candidates/${complete.candidateId}`],
  ['the checks', '/background_checks?*', () => '/background_checks'],
  ['a check', '/background_checks/*', ({ complete }) => `/background_checks/${complete.id}`],
  ['the connections', '/integrations', () => '/admin/integrations'],
  ['the retention rule', '/retention_rule', () => '/admin/privacy'],
  ['who is due', '/retention_rule/due?*', () => '/admin/privacy?show=due'],
  ['the service accounts', '/service_accounts?*', () => '/admin/service_accounts'],
  ['who was anonymised', '/erasures?*', () => '/admin/privacy?show=anonymised'],
];

describe('Every screen is accessible: axe finds nothing in light and dark, and it fits on a phone', () => {
  let stage: Stage;
  let team: ConnectedTeam;
  let shown: Shown;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
    team = await connectedTeamCalled('Juniper Works', stage);
    shown = await oneOfEach(team);
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(() => stage.close());
  afterEach(() => page.unrouteAll());

  it('the sign-in page, also after a session that ended', async () => {
    const window = await stage.window();
    for (const path of ['/sign-in', '/sign-in?why=ended']) await isAccessible(window, path, 'This is a local run');
    await window.context().close();
  });

  it.each(screens)('%s', (_name, path, words) => isAccessible(page, path(shown), words));

  it.each(['Health', 'Webhook log', 'Discrepancies'])('the %s of the Certn integration', async (name) => {
    await page.goto('/admin/integrations/certn');
    await page.getByRole('tab', { name }).click();
    await page.getByRole('tabpanel').waitFor();
    await looksRight(page);
  });

  describe('a new team', () => {
    let window: Page;
    beforeAll(async () => {
      await aTeam(stage.app, 'Larkspur');
      window = await stage.window();
      await signIn(window, 'Larkspur', /admin/);
    });

    it.each(emptyScreens)('%s', (_name, path, words) => isAccessible(window, path(shown), words));
  });

  describe('a user without access reads so [R-05]', () => {
    let window: Page;
    beforeAll(async () => {
      await aColleague(team.admin, 'limited', { name: 'Ben Ito' });
      window = await stage.window();
      await signIn(window, 'Juniper Works', /Ben Ito/);
    });

    it.each(forbiddenScreens)('%s', (_name, path, words) => isAccessible(window, path(shown), words));
  });

  it.each(failures)(
    'when %s cannot be read, the screen says so and tries again on request',
    async (_what, asked, path) => {
      const isAsked = `**/ats/v0${asked}`;
      await page.route(isAsked, (route) =>
        route.fulfill({ status: 500, json: { message: 'The database is resting.' } }),
      );
      await isAccessible(page, path(shown), 'The database is resting.');
      await page.unrouteAll();
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('The database is resting.').waitFor({ state: 'detached' });
    },
  );

  it('an overloaded service is tried again automatically', async () => {
    const asked: string[] = [];
    await page.route('**/ats/v0/jobs?*', (route) => {
      asked.push(route.request().url());
      return asked.length === 1 ? route.fulfill({ status: 503 }) : route.continue();
    });
    await page.goto('/jobs');
    await page.getByRole('link', { name: /^Job / }).first().waitFor();
    expect(asked).toHaveLength(2);
  });

  async function isAccessible(window: Page, path: string, words: string): Promise<void> {
    await window.goto(path);
    await window.getByText(words, { exact: false }).first().waitFor();
    await looksRight(window);
  }
});

/** On a wide screen in both schemes, and on a narrow one. */
async function looksRight(page: Page): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([]);
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  await eventually(
    'it fits on a phone',
    () => page.evaluate<string[]>(tooWide),
    ({ length }) => length === 0,
    3_000,
  );
  if (wide) await page.setViewportSize(wide);
}

/** The elements that are too wide. */
const tooWide = `
  document.scrollingElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll('*')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth)
    .map((element) => element.outerHTML.slice(0, 200))`;

async function oneOfEach(team: ConnectedTeam): Promise<Shown> {
  const complete = await aSentCheck(team);
  await completes(team, complete.caseId);
  await reaches(team, complete.id, 'complete');
  const invited = await aSentCheck(team);
  await aMachine(team.admin, { name: 'Payroll' });
  return {
    complete,
    invited,
    emptyJobId: await aJob(team.admin),
    lonelyCandidateId: await aCandidate(team.admin),
  };
}
