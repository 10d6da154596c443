import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { refusedInChange, refusedInNew } from '../../../../../test/support/activity-fields.js';
import type { ChosenPackage } from '../../domain/activity-kind.js';
import { ConnectionState, Packages, type PlanVendor, PlanVendors } from '../../domain/packages.js';
import { backgroundCheck } from './background-check.js';

class Vendors extends PlanVendors {
  all(): Promise<PlanVendor[]> {
    const named = (id: string, name: string) => ({
      id,
      name,
      activityLabel: `${name} check`,
      activityName: `Send ${name}`,
    });
    return Promise.resolve([named('certn', 'Certn'), named('plainscreen', 'Plainscreen')]);
  }
}
class Accounts extends Packages {
  find(_teamId: string, vendor: string, packageId: string): Promise<(ChosenPackage & { active: boolean }) | null> {
    const packages = [
      { vendor: 'certn', id: 'pkg-basic', name: 'Basic', active: true },
      { vendor: 'certn', id: 'pkg-old', name: 'Old', active: false },
      { vendor: 'plainscreen', id: 'pkg-plain', name: 'Plain', active: true },
    ];
    const found = packages.find((one) => one.vendor === vendor && one.id === packageId);
    return Promise.resolve(found ? { id: found.id, name: found.name, active: found.active } : null);
  }
}
class Connection extends ConnectionState {
  constructor(private readonly connected: readonly string[]) {
    super();
  }
  isConnected(_teamId: string, vendor: string): Promise<boolean> {
    return Promise.resolve(this.connected.includes(vendor));
  }
}

const place = { teamId: 'team', jobId: 'job' as Id };
const both = ['certn', 'plainscreen'];
const kind = (connected: readonly string[] = both) =>
  new backgroundCheck.Kind(new Vendors(), new Connection(connected), new Accounts());
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => ['accepted'],
    (error: unknown) => (error instanceof DomainError ? [error.reason, error.message] : [String(error)]),
  );

describe('a background check in a plan', () => {
  it('holds exactly one package and has the display name of its vendor [R-02, R-45]', async () => {
    expect(await kind().create(place, { vendor: 'certn', package_id: 'pkg-basic' })).toEqual({
      vendor: 'certn',
      name: 'Send Certn',
      package: { id: 'pkg-basic', name: 'Basic' },
      configuration: null,
    });
  });

  it('gets another package and keeps its vendor and its name [R-47]', async () => {
    const change = await kind().change({ ...place, vendor: 'certn' }, { package_id: 'pkg-basic' });
    const present = { vendor: 'certn', name: 'Check', package: { id: 'x', name: 'X' }, configuration: null };
    expect(change(present)).toEqual({ ...present, package: { id: 'pkg-basic', name: 'Basic' } });
  });

  it.each<[string[], string, string, string, string?]>([
    [both, 'certn', 'pkg-basic', 'accepted'],
    [both, 'plainscreen', 'pkg-plain', 'accepted'],
    [['plainscreen'], 'plainscreen', 'pkg-plain', 'accepted'],
    [both, 'certn', 'pkg-old', 'package_unavailable', 'Certn account'],
    [both, 'certn', 'pkg-plain', 'package_unavailable', 'Certn account'],
    [both, 'plainscreen', 'pkg-basic', 'package_unavailable', 'Plainscreen account'],
    [['certn'], 'plainscreen', 'pkg-plain', 'integration_not_enabled', 'Plainscreen is not connected'],
    [[], 'certn', 'pkg-basic', 'integration_not_enabled', 'Certn is not connected'],
    [both, 'another', 'pkg-basic', 'invalid_request', 'choose the vendor'],
  ])('connected to %j, from %s with package %s: %s', async (connected, vendor, package_id, reason, words = '') => {
    for (const work of [
      kind(connected).create(place, { vendor, package_id }),
      kind(connected).change({ ...place, vendor }, { package_id }),
    ]) {
      const [found, message = ''] = await refusal(work);
      expect(found).toBe(reason);
      expect(message).toContain(words);
    }
  });

  it.each([[[]], [['certn']], [['plainscreen']], [both]])(
    'is offered for each vendor that the team is connected to: %j [R-22]',
    async (connected) => {
      const offers = await kind(connected).offers('team');
      expect(offers.map(({ vendor, vendor_name, label }) => [vendor, `${vendor_name} check`, label])).toEqual(
        connected.map((id) => {
          const label = id === 'certn' ? 'Certn check' : 'Plainscreen check';
          return [id, label, label];
        }),
      );
    },
  );
});

describe('the fields of a background check', () => {
  it.each<[object, string[]]>([
    [{ package_id: 'pkg-basic' }, []],
    [{}, ['package_id']],
    [{ package_id: '' }, ['package_id']],
    [{ package_id: null }, ['package_id']],
    [{ package_id: 'x'.repeat(256) }, ['package_id']],
    [{ package_id: 'pkg-basic', name: 'Check' }, ['name']],
  ])('%j: %j are refused [R-44]', async (body, fields) => {
    expect(await refusedInNew(backgroundCheck, { vendor: 'certn', ...body })).toEqual(fields);
    expect(await refusedInChange(backgroundCheck, body)).toEqual(fields);
  });

  it.each([undefined, null, 7, ['certn']])('need a vendor: %j is none', async (vendor) => {
    expect(await refusedInNew(backgroundCheck, { vendor, package_id: 'pkg-basic' })).toEqual(['vendor']);
  });

  it('do not change the vendor', async () => {
    expect(await refusedInChange(backgroundCheck, { vendor: 'plainscreen', package_id: 'pkg-basic' })).toEqual([
      'vendor',
    ]);
  });
});
