import { complainsAbout, wordsOf } from './certn-errors.js';

const words = (body: unknown, text = '') => wordsOf(body, text, 'canary.key');
const saying = (detail: string) => words({ detail });

describe('the words of a refusal', () => {
  it.each([
    [
      {
        errors: [
          { detail: 'First.', attr: null },
          { detail: 'Second.', attr: 'name' },
        ],
        detail: 'No',
      },
      'First. name: Second.',
    ],
    [{ errors: [{ code: 'x' }], detail: 'Detail.', message: 'No' }, 'Detail.'],
    [{ detail: {}, message: 'Message.', error: 'No' }, 'Message.'],
    [{ error: 'Error.' }, 'Error.'],
    [{ errors: 'none', status: 400 }, null],
  ])('are looked for in the order of certn-api.md 1.5: %j', (body, expected) => {
    expect(words(body)).toBe(expected);
  });

  it('may be plain text, but not a page', () => {
    expect(words(undefined, 'Upstream refused.')).toBe('Upstream refused.');
    expect(words(undefined, '<!DOCTYPE html><p>Refused</p>')).toBeNull();
    expect(words(undefined, ' \n')).toBeNull();
  });

  it('carry no address [E6]', () => {
    expect(saying('"Ada <ada@example.org>" and bob+x@mail.example.co.uk are on a list')).not.toMatch(/@|example/);
  });

  it('carry no markup, no control characters and no line breaks', () => {
    expect(saying('a\r\n<b onclick="x">b</b>\u0000\u001b[31mc\u202e\ud800d <unclosed')).toBe('a b [31mc \ufffdd');
  });

  it('carry no key [E18]', () => {
    expect(saying('canary.key is not known')).toBe('… is not known');
    expect(wordsOf({ detail: 'fine' }, '', '')).toBe('fine');
  });

  it('end after 200 characters, and soon', () => {
    const start = process.cpuUsage();
    expect(saying('word '.repeat(1_000))).toHaveLength(200);
    expect(saying(`${'<'.repeat(500_000)}${'a'.repeat(500_000)}`)).toBeDefined();
    expect(cpuMsSince(start)).toBeLessThan(100);
  });
});

it('a complaint names its field', () => {
  const body = { errors: [{ attr: null }, { attr: 'language' }] };
  expect(complainsAbout(body, 'language')).toBe(true);
  expect(complainsAbout(body, 'name')).toBe(false);
  expect(complainsAbout(undefined, 'language')).toBe(false);
});

/** Of this process alone: the clock on the wall would count what else the machine does. */
function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
