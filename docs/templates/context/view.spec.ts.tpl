import { anId } from '../../../../test/fakes/platform.js';
import { Find{{pascalCase name}} } from '../contract.js';
import { Find{{pascalCase name}}Handler } from './find-{{name}}.js';

const id = anId();

describe('Find{{pascalCase name}}', () => {
  it('finds what the team has', async () => {
    const found = await new Find{{pascalCase name}}Handler().execute(new Find{{pascalCase name}}('team', id));
    expect(found).toEqual({ id, facts: 'write me' });
  });
});
