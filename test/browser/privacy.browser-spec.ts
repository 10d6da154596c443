import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { aColleague, type Person } from '../support/people.js';
import { backdateCandidate, retentionRunIsDue, ruleSince } from '../support/privacy.js';
import { aJob, anApplication, aSentCheck, type ConnectedTeam, reaches } from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { connectedTeamCalled } from './support/connected-team.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('Retention and anonymising of candidates', () => {
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

  describe('the rule', () => {
    it('is under Admin settings; at first everything is kept and nothing is due', async () => {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Account' }).click();
      await page.getByRole('menuitem', { name: 'Admin settings' }).click();
      await page.getByRole('link', { name: 'Data retention' }).click();
      await candidates().getByText('Candidate data is kept indefinitely.').waitFor();
      await results().getByText('Results are kept as long as the candidate.').waitFor();
      for (const name of ['Keep candidate data indefinitely', 'Keep results as long as the candidate'])
        expect(await page.getByRole('radio', { name }).isChecked()).toBe(true);
      expect(await accessibilityFaults(page)).toEqual([]);
      await tab('Due soon').click();
      await page.getByText('No candidates due').waitFor();
      await page.getByText('No results due').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await tab('Anonymised').click();
      await page.getByText('No candidates anonymised').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await tab('Results removed').click();
      await page.getByText('No results removed').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await banner().count()).toBe(0);
    });

    it('rejects invalid months, and says when there is nothing to save', async () => {
      await tab('Rules').click();
      await save().click();
      await candidates().getByText('No changes to save').waitFor();
      await page.getByRole('radio', { name: /^Anonymise candidates/ }).check();
      for (const none of ['', '0', '121', '1.5', 'six']) {
        await months().fill(none);
        await save().click();
        await page.getByText('Enter a whole number of months from 1 to 120').waitFor();
        await hasFocus(months());
        // The error disappears on the next key.
        await months().fill('7');
        await page.getByText('Enter a whole number of months').waitFor({ state: 'detached' });
      }
      await months().fill('0');
      await save().click();
      await page.getByText('Enter a whole number of months').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    });

    it('asks for confirmation before it becomes stricter, and Escape changes nothing', async () => {
      await months().fill('6');
      await save().click();
      const asking = page.getByRole('dialog', { name: 'Anonymise candidates after 6 months?' });
      await asking.getByText('This cannot be undone.').waitFor();
      await asking.getByText('In the first week the rule anonymises no candidates', { exact: false }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await hasFocus(save());
      expect(await ruleOf(team.admin)).toBeNull();
      await save().click();
      await asking.getByRole('button', { name: 'Save this rule' }).click();
      await page.getByText('Candidates are anonymised 6 months after', { exact: false }).waitFor();
      await hasFocus(save());
      expect(await ruleOf(team.admin)).toBe(6);
    });

    it('explains the effect of a longer time, and of keeping data indefinitely', async () => {
      await months().fill('12');
      await save().click();
      const longer = page.getByRole('dialog', { name: 'Keep candidates for 12 months?' });
      await longer.getByText('Candidates who were anonymised stay anonymised.').waitFor();
      await longer.getByRole('button', { name: 'Keep current rule' }).click();
      await longer.waitFor({ state: 'hidden' });
      await page.getByRole('radio', { name: 'Keep candidate data indefinitely' }).check();
      await save().click();
      const indefinitely = page.getByRole('dialog', { name: 'Keep candidate data indefinitely?' });
      await indefinitely.getByText('The rule no longer anonymises anyone.', { exact: false }).waitFor();
      await indefinitely.getByRole('button', { name: 'Save this rule' }).click();
      await candidates().getByText('Candidate data is kept indefinitely.').waitFor();
      expect(await ruleOf(team.admin)).toBeNull();
    });
  });

  describe('candidates due within a week', () => {
    let ines: string;
    let omar: string;

    beforeAll(async () => {
      await team.admin.put('/retention_rule', { months: 6 });
      await ruleSince(stage.app, team.teamId, '8 days');
      ines = await dueInDays('Ines', 'Soto', 5);
      omar = await dueInDays('Omar', 'Haddad', 6);
    });

    it('are announced to admins on every screen, with a link to the list', async () => {
      await page.goto('/jobs');
      await banner().getByText('2 candidates will be anonymised within a week.').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.goto(`/candidates/${ines}`);
      await banner().getByRole('link', { name: 'View list' }).click();
      const due = page.getByRole('table', { name: 'Due within a week' });
      await due.getByRole('row', { name: /^Ines Soto .* in \d days$/ }).waitFor();
      await due.getByRole('row', { name: /^Omar Haddad .* in \d days$/ }).waitFor();
      await page.getByText('put them on legal hold', { exact: false }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await due.getByRole('link', { name: 'Omar Haddad' }).click();
      await page.getByRole('heading', { name: 'Omar Haddad', level: 1 }).waitFor();
    });

    it('are kept by a legal hold, also by keyboard, which prevents anonymising', async () => {
      await privacy().getByRole('button', { name: 'Put on legal hold' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('Legal hold', { exact: true }).waitFor();
      await hasFocus(privacy().getByRole('button', { name: 'Lift legal hold' }));
      expect(await anonymise().isDisabled()).toBe(true);
      await privacy().getByText('This candidate is on legal hold', { exact: false }).waitFor();
      await banner().getByText('1 candidate will be anonymised within a week.').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await page.getByText('Legal hold', { exact: true }).waitFor({ state: 'detached' });
      expect(await anonymise().isEnabled()).toBe(true);
    });

    it('are kept when a colleague puts them on hold at the same moment', async () => {
      await anonymise().click();
      const asking = page.getByRole('dialog', { name: 'Anonymise Omar Haddad?' });
      await asking.waitFor();
      await team.admin.put(`/candidates/${omar}/legal_hold`, { held: true });
      await asking.getByRole('button', { name: 'Anonymise permanently' }).click();
      await asking.getByRole('alert').getByText('legal hold', { exact: false }).waitFor();
      await asking.getByRole('button', { name: 'Keep candidate' }).click();
      await page.getByText('Legal hold', { exact: true }).waitFor();
    });

    it('are anonymised by the rule, and listed as proof', async () => {
      await backdateCandidate(stage.app, ines, '8 days');
      await page.goto('/admin/privacy?show=due');
      await page.getByRole('row', { name: /^Ines Soto .* With the next daily run$/ }).waitFor();
      await retentionRunIsDue(stage.app, team.teamId);
      await eventually(
        'the run is done',
        async () => (await team.admin.get(`/candidates/${ines}`)).body['anonymised_at'],
        (at) => at !== null,
        20_000,
      );
      await page.goto('/admin/privacy?show=anonymised');
      await proofs()
        .getByRole('row', { name: /The retention rule None$/ })
        .waitFor();
      expect(await banner().count()).toBe(0);
    });
  });

  it('an admin anonymises a candidate after a confirmation, and the page shows it', async () => {
    const { id, candidateId } = await aSentCheck(team);
    await page.goto(`/candidates/${candidateId}`);
    await page.getByRole('article', { name: 'Basic, Invited' }).waitFor();
    await anonymise().click();
    const asking = page.getByRole('dialog', { name: 'Anonymise Ada Example?' });
    for (const words of [
      'Checks in progress are cancelled at Certn',
      'Name, email addresses',
      'This cannot be undone.',
    ])
      await asking.getByText(words, { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await hasFocus(anonymise());
    await page.keyboard.press('Enter');
    await asking.getByRole('button', { name: 'Anonymise permanently' }).press('Enter');
    await page.getByRole('heading', { name: 'Anonymised candidate', level: 1 }).waitFor();
    // The button is gone: the focus stays at the section.
    await hasFocus(privacy().getByRole('heading', { name: 'Privacy' }));
    await page.getByText("This candidate's data was removed.").waitFor();
    expect(await privacy().getByRole('button').count()).toBe(0);
    await reaches(team, id, 'cancelled');
    await page.getByRole('article', { name: 'Basic, Cancelled' }).waitFor();
    await page.getByRole('main').getByText('@example.org', { exact: false }).waitFor({ state: 'detached' });
    expect(await accessibilityFaults(page)).toEqual([]);
    await privacy().getByRole('link', { name: 'list of anonymised candidates' }).click();
    await proofs()
      .getByRole('row', { name: /admin.* Basic: Cancelled$/ })
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('a standard user sees legal holds and nothing else of this', async () => {
    const held = await rejected('Grace', 'Lindqvist');
    await team.admin.put(`/candidates/${held}/legal_hold`, { held: true });
    await dueInDays('Tom', 'Larsen', 5);
    await aColleague(team.admin, 'standard', { name: 'Cleo Adeyemi' });
    const window = await stage.window();
    const asked: string[] = [];
    window.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await signIn(window, 'Juniper Works', /Cleo Adeyemi/);
    await window.goto(`/candidates/${held}`);
    await window.getByText('Legal hold', { exact: true }).waitFor();
    await window.getByRole('tab', { name: 'Application' }).waitFor();
    expect(await window.getByRole('region', { name: 'Privacy' }).count()).toBe(0);
    expect(await accessibilityFaults(window)).toEqual([]);
    for (const path of ['/admin', '/admin/privacy', '/admin/privacy?show=due', '/admin/privacy?show=anonymised']) {
      await window.goto(path);
      await window.getByText("You don't have access").waitFor();
      expect(await window.getByText('will be anonymised', { exact: false }).count()).toBe(0);
    }
    expect(asked.filter((path) => /retention_rule|erasures|integrations\//.test(path))).toEqual([]);
    await window.context().close();
  });

  const tab = (name: string) => page.getByRole('tab', { name });
  const candidates = () => page.getByRole('region', { name: 'Candidates' });
  const results = () => page.getByRole('region', { name: 'Background check results' });
  const months = () => candidates().getByRole('textbox', { name: 'Months' });
  const save = () => candidates().getByRole('button', { name: 'Save', exact: true });
  const banner = () => page.getByRole('status').filter({ hasText: 'will be anonymised' });
  const privacy = () => page.getByRole('region', { name: 'Privacy' });
  const anonymise = () => privacy().getByRole('button', { name: 'Anonymise…' });
  const proofs = () => page.getByRole('table', { name: 'Anonymised candidates' });

  /** Whom the rule of six months takes in so many days. */
  async function dueInDays(firstName: string, lastName: string, days: number): Promise<string> {
    const id = await rejected(firstName, lastName);
    // An hour more: it is still so many days when the screen says so. Six months from the end of a short one are less.
    await backdateCandidate(stage.app, id, `-${days} days -1 hour`);
    await backdateCandidate(stage.app, id, '6 months');
    return id;
  }

  async function rejected(first_name: string, last_name: string): Promise<string> {
    const { id } = (await team.admin.post<{ id: string }>('/candidates', { first_name, last_name })).body;
    const applicationId = await anApplication(team.admin, id, await aJob(team.admin));
    await team.admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    return id;
  }
});

const ruleOf = async (admin: Person): Promise<number | null> =>
  (await admin.get<{ months: number | null }>('/retention_rule')).body.months;

async function hasFocus(of: ReturnType<Page['getByRole']>): Promise<void> {
  const isFocused = (element: { ownerDocument: { activeElement: unknown } }): boolean =>
    element.ownerDocument.activeElement === element;
  await eventually('it has the focus', () => of.evaluate(isFocused), Boolean, 2_000);
}
