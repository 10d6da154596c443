import { DomainError } from '#kernel/errors';
import { SettingsError } from '#platform/config/settings';
import { describeError } from '#platform/describe-error';
import { databaseUrlFrom, explaining, Mistake, outcomeOf } from './command.js';

const failing = (error: Error) => (): Promise<string> => Promise.reject(error);
const coded = (message: string, code: string): Error => Object.assign(new Error(message), { code });
const unknownOption = coded(
  "Unknown option '--loud'. To specify a positional argument …",
  'ERR_PARSE_ARGS_UNKNOWN_OPTION',
);

describe('a command', () => {
  it('is done with the text of its work', async () => {
    expect(await outcomeOf(async () => 'All is well.', explaining('x'))).toEqual({ done: true, text: 'All is well.' });
  });

  it('is not done when its work says so', async () => {
    const outcome = { done: false, text: 'One is left.' };
    expect(await outcomeOf(async () => outcome, explaining('x'))).toBe(outcome);
  });

  it.each([
    ['a mistake', new Mistake('Give the team a name.'), 'Give the team a name.'],
    ['a broken rule', new DomainError('conflict', 'taken', 'The name is taken.'), 'The name is taken.'],
    ['missing settings', new SettingsError(['A is missing.', 'B is wrong.']), 'A is missing. B is wrong.'],
    ['an unknown option', unknownOption, "Unknown option '--loud'. Usage: npm run x"],
    [
      'a database without tables',
      coded('relation …', '42P01'),
      'The database is not ready: run `npm run migrate` first.',
    ],
    [
      'a database without schemas',
      coded('schema …', '3F000'),
      'The database is not ready: run `npm run migrate` first.',
    ],
    ['anything else', new Error('no route\nat …'), 'The database cannot be used: no route'],
    ['a failure without a message', coded('', 'ECONNREFUSED'), 'The database cannot be used: ECONNREFUSED'],
    ['a missing address', caught(() => databaseUrlFrom('')), expect.stringMatching(/^DATABASE_URL is missing: /)],
  ])('explains %s in one line', async (_, error, text) => {
    expect(await outcomeOf(failing(error), explaining('npm run x'))).toEqual({ done: false, text });
  });

  it('shows no statement of a driver where personal data is handled', async () => {
    const error = Object.assign(new Error("insert … 'Ada'"), { severity: 'ERROR', code: '23505', constraint: 'one' });
    const { text } = await outcomeOf(failing(error), explaining('npm run x', describeError));
    expect(text).toBe('The database cannot be used: Error 23505 one');
  });
});

function caught(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
