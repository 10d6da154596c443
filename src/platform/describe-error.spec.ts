import { describeError, placesOf } from './describe-error.js';

const rowWithAPerson = 'Failing row contains (…, ada@example.org, …).';

class DriverError extends Error {
  override readonly name = 'UniqueConstraintViolationException';
  readonly severity = 'ERROR';
  readonly code = '23505';
  readonly constraint = 'slot_taken';
}

describe('what is kept of an error [I7]', () => {
  it('is code and constraint when a database driver wrote the message, because it quotes rows', () => {
    expect(describeError(new DriverError(rowWithAPerson))).toBe('UniqueConstraintViolationException 23505 slot_taken');
  });

  it('is the same when such an error hides as a cause', () => {
    const wrapped = new Error(`insert … - ${rowWithAPerson}`, { cause: new DriverError(rowWithAPerson) });
    expect(describeError(wrapped)).not.toContain('ada@');
  });

  it('is the message of our own errors', () => {
    expect(describeError(new Error('the lamp flickers'))).toBe('the lamp flickers');
  });

  it('never the message where it was thrown', () => {
    const places = placesOf(new DriverError(`two\nlines: ${rowWithAPerson}`));
    expect(places.length).toBeGreaterThan(0);
    expect(places.join('\n')).not.toContain('ada@');
  });
});
