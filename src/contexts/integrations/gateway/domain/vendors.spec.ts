import type { Vendor } from './vendor.js';
import { Vendors } from './vendors.js';

const named = (id: string): Vendor => ({ id }) as Vendor;

describe('the vendors of a release', () => {
  const [one, two] = [named('one'), named('two')];
  const vendors = new Vendors([one, two]);

  it('are found by the id that a connection stores; an unknown id is an error', () => {
    expect(vendors.of('two')).toBe(two);
    expect(vendors.find('three')).toBeNull();
    expect(() => vendors.of('three')).toThrow('This release has no vendor "three".');
  });

  it('have different ids', () => {
    expect(() => new Vendors([one, named('one')])).toThrow('same id');
  });
});
