import { createHmac } from 'node:crypto';
import { handshake, readWebhook, sign, signatureIn, verify } from './certn-webhook.js';

const secret = 'whsec-one';
const body = Buffer.from('{ "event_type" :"CASE_STATUS_CHANGED",\t"object_id":"\\u0041-1" }\n');
const digest = createHmac('sha256', secret).update(body).digest();

describe("a webhook event's signature [R-91]", () => {
  it.each([
    ['lower-case hex', digest.toString('hex')],
    ['upper-case hex', digest.toString('hex').toUpperCase()],
    ['hex with a prefix', `sha256=${digest.toString('hex')}`],
    ['base64', digest.toString('base64')],
    ['base64 with a prefix', `sha256=${digest.toString('base64')}`],
  ])('is accepted as %s [A1]', (_, signature) => {
    expect(verify(body, signature, [secret])).toBe(true);
  });

  it('matches only the exact bytes', () => {
    expect(sign(body, secret)).toBe(digest.toString('hex'));
    const reserialised = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(verify(reserialised, sign(body, secret), [secret])).toBe(false);
  });

  it('does not match after one flipped bit anywhere [A2]', () => {
    for (const [index, byte] of body.entries()) {
      const flipped = Buffer.from(body);
      flipped[index] = byte ^ 1;
      expect(verify(flipped, sign(body, secret), [secret])).toBe(false);
    }
  });

  it('may come from either of two secrets [A6]', () => {
    expect(verify(body, sign(body, 'old'), ['new', 'old'])).toBe(true);
    expect(verify(body, sign(body, 'old'), ['new'])).toBe(false);
  });

  it('proves nothing without a secret [R-92]', () => {
    expect(verify(body, sign(body, ''), [''])).toBe(false);
    expect(verify(body, sign(body, secret), [])).toBe(false);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['repeated', `${sign(body, secret)}, ${sign(body, secret)}`],
    ['not hex', 'g'.repeat(64)],
    ['of odd length', sign(body, secret).slice(1)],
    ['too short', sign(body, secret).slice(2)],
    ['too long', `${sign(body, secret)}00`],
    ['in unicode digits', '٣'.repeat(64)],
    ['with another prefix', `sha1=${sign(body, secret)}`],
    ['followed by a line break', `${sign(body, secret)}\n`],
    ['10 kB long', 'a'.repeat(10_000)],
    ['10 kB of base64', `${'A'.repeat(10_000)}=`],
  ])('is refused when %s, in less than 5 ms [A5]', (_, signature) => {
    expect(signatureIn({ 'x-signature': signature })).toBeNull();
    expect(verify(body, signature ?? '', [secret])).toBe(false);
    const start = process.cpuUsage();
    for (let time = 0; time < 20; time++) verify(body, signature ?? '', [secret]);
    expect(cpuMsSince(start) / 20).toBeLessThan(5);
  });
});

describe('the handshake [R-90, A11]', () => {
  it.each(['abc', 'A-Z_a-z.0~9+/==', 'x'.repeat(256)])('echoes %s', (challenge) => {
    expect(handshake(challenge)).toBe(challenge);
  });

  it.each([
    [undefined],
    [''],
    ['x'.repeat(257)],
    ['x'.repeat(10_000)],
    ['<script>alert(1)</script>'],
    ['a\r\nX-Evil: 1'],
    ['a\n'],
    ['a b'],
    ['ä'],
    [['a', 'b']],
    [['a']],
  ])('does not echo %j', (challenge) => {
    expect(handshake(challenge)).toBeNull();
  });
});

describe("a webhook event's body", () => {
  const read = (value: unknown) => readWebhook(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
  const official = { id: 'f0a1', event_type: 'CASE_STATUS_CHANGED', object_id: 'c-1', object_type: 'CASE' };

  it('is read in both known forms', () => {
    const expected = { eventId: 'f0a1', eventType: 'CASE_STATUS_CHANGED', caseId: 'c-1' };
    expect(read(official)).toEqual(expected);
    expect(read({ ...official, id: 'row-7', event_id: 'f0a1', case_status: 'COMPLETE' })).toEqual(expected);
  });

  it('names a case only when it is about one', () => {
    expect(read({ ...official, object_type: 'CHECK' })).toMatchObject({ caseId: null, eventId: 'f0a1' });
    expect(read({ object_id: 'c-1' })).toEqual({ eventId: null, eventType: 'unknown', caseId: 'c-1' });
  });

  it.each([7, '', 'a/b', '../x', 'a\u0000', 'x'.repeat(65), null, {}, '\ud800'])('contains no id in %j', (id) => {
    expect(read({ ...official, id, object_id: id })).toMatchObject({ eventId: null, caseId: null });
  });

  it.each(['', 'null', '7', '"x"', '[]', '{}', '{"event_type":7}', '{"a":NaN}', '<html>', '{"id":"f0a1"}'])(
    'is not an event as %s [A14]',
    (text) => {
      expect(read(text)).toBeNull();
    },
  );

  it('is not an event when it is not UTF-8 [A14]', () => {
    expect(
      readWebhook(
        Buffer.concat([Buffer.from('{"event_type":"A","x":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
      ),
    ).toBeNull();
  });

  it('does no harm, however deep, wide or crafted [A14]', () => {
    const deep = `{"event_type":"A","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    const wide = `{"event_type":"A",${Array.from({ length: 8_000 }, (_, key) => `"k${key}":1`).join(',')}}`;
    const start = process.cpuUsage();
    for (const text of [deep, wide, `${'['.repeat(65_000)}`]) read(text);
    expect(cpuMsSince(start)).toBeLessThan(100);
    expect(
      read('{"__proto__":{"event_id":"evil"},"constructor":{"prototype":{"event_id":"evil"}},"event_type":"A"}'),
    ).toEqual({
      eventId: null,
      eventType: 'A',
      caseId: null,
    });
    expect(({} as Record<string, unknown>).event_id).toBeUndefined();
  });
});

/** CPU time of this process. Elapsed time would include other work on the machine. */
function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
