import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aTeam } from '../support/people.js';
import { accessibilityFaults } from './support/accessibility.js';
import { openStage, type Stage } from './support/stage.js';

describe('While npm start loads the demo', () => {
  let stage: Stage;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'demo-state-'));
    file = join(folder, 'state.json');
    stage = await openStage(() => Promise.resolve({ DEMO_STATE_FILE: file }));
    await aTeam(stage.app, 'Half a team');
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('the sign-in page says so, with the current step, and then shows all demo users', async () => {
    writeFileSync(file, JSON.stringify({ loading: true, step: 'sending background checks: 4' }));
    const page = await stage.window();
    await page.goto('/');
    const loading = page.getByRole('status').filter({ hasText: 'Loading demo data' });
    await loading.getByText('sending background checks: 4', { exact: false }).waitFor();
    expect(await page.getByRole('group', { name: 'Half a team' }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    writeFileSync(file, JSON.stringify({ loading: false, step: null }));
    await page.getByRole('group', { name: 'Half a team' }).waitFor();
    expect(await loading.count()).toBe(0);
  });
});
