import { mustBeAllowed, readAddress, type Zone } from './endpoint-address.js';

const refused = { kind: 'invalid', reason: 'address_not_allowed' };

describe('The address of an endpoint', () => {
  it.each(['https://hooks.example.org/ats?key=1', 'http://hooks.internal:8080/'])('%s can be one', (address) => {
    expect(readAddress(address).href).toBe(address);
  });

  it.each([
    ...['', 'hooks', '/hook', 'ftp://example.org/', 'file:///etc/passwd', 'javascript:alert(1)', 'https://'],
    // secretlint-disable-next-line -- an address that must be refused
    ...['https://user@example.org/', 'https://user:word@example.org/', 'https://example.org/#part'],
    `https://example.org/${'x'.repeat(2_048)}`,
  ])('%s is refused', (address) => {
    expect(() => readAddress(address)).toThrow(expect.objectContaining(refused));
  });

  const zones: [string, Zone, boolean][] = [
    ['https://a.example/', 'public', true],
    ['https://a.example/', 'allowed', true],
    ['https://a.example/', 'unknown', true],
    ['https://a.example/', 'forbidden', false],
    ['http://a.example/', 'public', false],
    ['http://a.example/', 'allowed', true],
    ['http://a.example/', 'unknown', false],
    ['http://a.example/', 'forbidden', false],
  ];
  it.each(zones)('%s that leads to %s addresses: allowed is %s', (address, zone, allowed) => {
    const check = (): void => mustBeAllowed(readAddress(address), zone);
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining(refused));
  });
});
