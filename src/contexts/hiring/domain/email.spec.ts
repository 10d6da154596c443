import { canonicalEmail, isDeliverable } from '#kernel/email';
import { invitationAddress } from './email.js';

describe('The form in which addresses are compared', () => {
  it.each([
    ['  Ada@Example.ORG\n', 'ada@example.org'],
    ['ada+certn@example.org', 'ada+certn@example.org'],
    ['ada@exämple.org', 'ada@xn--exmple-cua.org'],
    ['ada@EXÄMPLE.org', 'ada@xn--exmple-cua.org'],
    ['jose\u0301@example.org', 'jos\u00e9@example.org'],
    ['"a@b"@example.org', '"a@b"@example.org'],
    ['not an address', 'not an address'],
    ['ada@', 'ada@'],
  ])('of %j is %j', (written, canonical) => {
    expect(canonicalEmail(written)).toBe(canonical);
  });

  it('keeps plus-tags apart: they are different mailboxes to whoever made them', () => {
    expect(canonicalEmail('ada+1@example.org')).not.toBe(canonicalEmail('ada+2@example.org'));
  });
});

describe('Where an invitation goes [R-73]', () => {
  it('the primary address', () => {
    expect(invitationAddress([address('first@example.org'), primary('main@example.org')])).toBe('main@example.org');
  });

  it('else the first valid one', () => {
    expect(invitationAddress([address('nonsense'), address('ada@example.org'), address('b@example.org')])).toBe(
      'ada@example.org',
    );
  });

  it('a primary one that no mail could reach does not count', () => {
    expect(invitationAddress([address('ada@example.org'), primary('ada at example')])).toBe('ada@example.org');
  });

  it('nowhere without a valid one', () => {
    expect(invitationAddress([])).toBeNull();
    expect(invitationAddress([primary('ada@localhost')])).toBeNull();
  });

  it.each(['ada@exämple.org', 'ada+x@example.org', ' ada@example.org '])('%j is usable', (value) => {
    expect(isDeliverable(value)).toBe(true);
  });
});

const address = (value: string) => ({ value, is_primary: false });
const primary = (value: string) => ({ value, is_primary: true });
