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

  it('keeps plus-tags, because they are different mailboxes to their owners', () => {
    expect(canonicalEmail('ada+1@example.org')).not.toBe(canonicalEmail('ada+2@example.org'));
  });
});

describe('An invitation goes [R-73]', () => {
  it('to the primary address', () => {
    expect(invitationAddress([address('first@example.org'), primary('main@example.org')])).toBe('main@example.org');
  });

  it('to the first valid address without a primary one', () => {
    expect(invitationAddress([address('nonsense'), address('ada@example.org'), address('b@example.org')])).toBe(
      'ada@example.org',
    );
  });

  it('to a valid address when the primary one is not deliverable', () => {
    expect(invitationAddress([address('ada@example.org'), primary('ada at example')])).toBe('ada@example.org');
  });

  it('nowhere without a valid address', () => {
    expect(invitationAddress([])).toBeNull();
    expect(invitationAddress([primary('ada@localhost')])).toBeNull();
  });

  it.each(['ada@exämple.org', 'ada+x@example.org', ' ada@example.org '])(
    'to a deliverable address such as %j',
    (value) => {
      expect(isDeliverable(value)).toBe(true);
    },
  );
});

const address = (value: string) => ({ value, is_primary: false });
const primary = (value: string) => ({ value, is_primary: true });
