import { eventually } from '../support/eventually.js';
import { aTeam, type Person } from '../support/people.js';
import { backdateCandidate, retentionRunIsDue, ruleSince } from '../support/privacy.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('Lists of candidates who are due, and who are anonymised', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it('come in pages', async () => {
    const { teamId, admin } = await aTeam(stage.app, 'Larkspur');
    await many(admin, 51);
    const window = await stage.window();
    await signIn(window, 'Larkspur', /admin/);
    await ruleSince(stage.app, teamId, '2 days');
    await window.goto('/admin/privacy?show=due');
    await window.getByText('51 candidates will be anonymised within a week.').waitFor();
    await window.getByText('51 total').waitFor();
    await window.getByRole('button', { name: 'Page 2' }).click();
    await eventually(
      'the last one is shown',
      () => window.getByRole('table').getByRole('row').count(),
      (rows) => rows === 2,
    );
    await ruleSince(stage.app, teamId, '8 days');
    await retentionRunIsDue(stage.app, teamId);
    await eventually(
      'all are anonymised',
      async () => (await admin.get('/erasures?per_page=1')).headers.get('x-total-count'),
      (total) => total === '51',
      20_000,
    );
    await window.goto('/admin/privacy?show=anonymised');
    await window.getByRole('button', { name: 'Page 2' }).click();
    await eventually(
      'the first one is shown',
      () => window.getByRole('table').getByRole('row').count(),
      (rows) => rows === 2,
    );
    await window.context().close();
  });

  /** Candidates who never applied, due as soon as the rule is old enough. */
  async function many(admin: Person, count: number): Promise<void> {
    const lines = Array.from({ length: count }, (_, nth) =>
      JSON.stringify({ type: 'candidate', external_id: `c-${nth}`, first_name: 'Nth', last_name: `${nth}` }),
    );
    const imported = await admin.post<string>('/imports', lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    for (const line of imported.body.trim().split('\n')) {
      await backdateCandidate(stage.app, (JSON.parse(line) as { id: string }).id, '7 months');
    }
    await admin.put('/retention_rule', { months: 6 });
  }
});
