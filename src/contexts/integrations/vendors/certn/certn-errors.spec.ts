import { complainsAbout, messageOf } from './certn-errors.js';

const message = (body: unknown, text = '') => messageOf(body, text, 'canary.key');
const fromDetail = (detail: string) => message({ detail });

describe("the vendor's message about a refusal", () => {
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
  ])('is taken from the first known field, in the order of docs/certn-api.md 1.5: %j', (body, expected) => {
    expect(message(body)).toBe(expected);
  });

  it('may be plain text, but not a page', () => {
    expect(message(undefined, 'Upstream refused.')).toBe('Upstream refused.');
    expect(message(undefined, '<!DOCTYPE html><p>Refused</p>')).toBeNull();
    expect(message(undefined, ' \n')).toBeNull();
  });

  it('contains no address [E6]', () => {
    expect(fromDetail('"Ada <ada@example.org>" and bob+x@mail.example.co.uk are on a list')).not.toMatch(/@|example/);
  });

  it('contains no markup, no control characters and no line breaks', () => {
    expect(fromDetail('a\r\n<b onclick="x">b</b>\u0000\u001b[31mc\u202e\ud800d <unclosed')).toBe('a b [31mc \ufffdd');
  });

  it('contains no key [E18]', () => {
    expect(fromDetail('canary.key is not known')).toBe('… is not known');
    expect(messageOf({ detail: 'fine' }, '', '')).toBe('fine');
  });

  it('has at most 200 characters and is made quickly', () => {
    const start = process.cpuUsage();
    expect(fromDetail('word '.repeat(1_000))).toHaveLength(200);
    expect(fromDetail(`${'<'.repeat(500_000)}${'a'.repeat(500_000)}`)).toBeDefined();
    expect(cpuMsSince(start)).toBeLessThan(100);
  });
});

it('recognises the field that a validation error names', () => {
  const body = { errors: [{ attr: null }, { attr: 'language' }] };
  expect(complainsAbout(body, 'language')).toBe(true);
  expect(complainsAbout(body, 'name')).toBe(false);
  expect(complainsAbout(undefined, 'language')).toBe(false);
});

/** CPU time of this process. Elapsed time would include other work on the machine. */
function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
