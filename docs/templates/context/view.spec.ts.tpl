import type { Id } from '#kernel/id';
import { Find{{pascalCase name}} } from '../contract.js';
import { Find{{pascalCase name}}Handler } from './find-{{name}}.js';

const id = '01890a5d-ac96-774b-bcce-b302099a8057' as Id;

describe('Find{{pascalCase name}}', () => {
  it('finds what the team has', async () => {
    const found = await new Find{{pascalCase name}}Handler().execute(new Find{{pascalCase name}}('team', id));
    expect(found).toEqual({ id, facts: 'write me' });
  });
});
