import { CertnHosts, certnPortal } from './certn-places.js';

describe('the hosts of Certn', () => {
  it.each([
    ['ca', 'production', 'https://api.ca.certn.co'],
    ['uk', 'production', 'https://api.uk.certn.co'],
    ['au', 'production', 'https://api.au.certn.co'],
    ['ca', 'sandbox', 'https://api.sandbox.certn.co'],
    ['uk', 'sandbox', 'https://api-uk.sandbox.certn.co'],
    ['au', 'sandbox', 'https://api-au.sandbox.certn.co'],
  ] as const)('%s %s', (region, environment, host) => {
    expect(new CertnHosts().baseUrl({ region, environment })).toBe(host);
    expect(new CertnHosts('http://localhost:4000/').baseUrl({ region, environment })).toBe('http://localhost:4000');
  });

  it('rejects an override that is not a URL', () => {
    expect(() => new CertnHosts('certn')).toThrow();
  });

  it('has a portal for users in each region', () => {
    expect(certnPortal('uk')).toBe('https://client.certn.co/uk');
  });
});
