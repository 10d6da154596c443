import { FailedAttempts, networkOf } from './failed-attempts.js';

describe('Failed attempts', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network));

  it('are counted by address; what proved good before is still accepted', async () => {
    const attempts = new FailedAttempts(3);
    const wait = (address: string, proof?: string): Promise<number> => attempts.mustWait(address, () => proof);
    attempts.succeeded('good');
    for (let i = 0; i < 3; i += 1) {
      expect(await wait('2001:db8::1')).toBe(0);
      await attempts.failed(`2001:db8::${i}`);
    }
    expect(await wait('2001:db8::99')).toBeGreaterThan(0);
    expect(await wait('2001:db8::99', 'never seen')).toBeGreaterThan(0);
    expect(await wait('2001:db8::99', 'good')).toBe(0);
    expect(await wait('2001:db8:0:1::1')).toBe(0);
  });

  it('forget what proved good long ago only when very many others followed', async () => {
    const attempts = new FailedAttempts(1);
    await attempts.failed('192.0.2.1');
    attempts.succeeded('first');
    for (let i = 0; i < 20_000; i += 1) attempts.succeeded(`more ${i}`);
    expect(await attempts.mustWait('192.0.2.1', () => 'first')).toBe(0);
    for (let i = 0; i < 40_000; i += 1) attempts.succeeded(`yet more ${i}`);
    expect(await attempts.mustWait('192.0.2.1', () => 'first')).toBeGreaterThan(0);
  });
});
