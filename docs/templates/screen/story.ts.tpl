import { aTeam } from '../support/people.js';
import { accessibilityFaults } from './support/accessibility.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('{{sentenceCase name}}', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it('is opened from the sidebar, and shows what a person needs', async () => {
    await aTeam(stage.app, 'Larkspur');
    const window = await stage.window();
    await signIn(window, 'Larkspur', /admin/);
    await window.getByRole('link', { name: '{{sentenceCase name}}' }).click();
    await window.getByRole('heading', { name: '{{sentenceCase name}}', level: 1 }).waitFor();
    expect(await accessibilityFaults(window)).toEqual([]);
    expect(await window.getByRole('main').innerText()).toContain('Write me');
    await window.context().close();
  });
});
