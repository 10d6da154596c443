import { stateOf } from './{{name}}-words.js';

describe('The words of {{pascalCase name}}', () => {
  it('that nothing explains mean that the state is unknown', () => {
    expect(stateOf('on the moon')).toBe('unknown');
  });

  it.each([['complete', 'write me']])('%s means %s', (status, state) => {
    expect(stateOf(status)).toBe(state);
  });
});
