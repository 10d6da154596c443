import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { refusedInChange, refusedInNew } from '../../../../../test/support/activity-fields.js';
import type { ChosenPackage } from '../../domain/activity-kind.js';
import { ConnectionState, Packages } from '../../domain/packages.js';
import { certnBackgroundCheck } from './certn-background-check.js';

class Account extends Packages {
  find(_teamId: string, packageId: string): Promise<(ChosenPackage & { active: boolean }) | null> {
    const packages = [
      { id: 'pkg-basic', name: 'Basic', active: true },
      { id: 'pkg-old', name: 'Old', active: false },
    ];
    return Promise.resolve(packages.find(({ id }) => id === packageId) ?? null);
  }
}
class Connection extends ConnectionState {
  constructor(private readonly connected: boolean) {
    super();
  }
  isConnected(): Promise<boolean> {
    return Promise.resolve(this.connected);
  }
}

const place = { teamId: 'team', jobId: 'job' as Id };
const kind = (connected = true) => new certnBackgroundCheck.Kind(new Connection(connected), new Account());
const reason = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (refusal: unknown) => (refusal instanceof DomainError ? refusal.reason : String(refusal)),
  );

describe('a Certn background check in a plan', () => {
  it('holds exactly one package and has the fixed display name [R-02, R-45]', async () => {
    expect(await kind().create(place, { package_id: 'pkg-basic' })).toEqual({
      name: 'Send Certn background check',
      package: { id: 'pkg-basic', name: 'Basic' },
      configuration: null,
    });
  });

  it('gets another package and keeps its name [R-47]', async () => {
    const change = await kind().change(place, { package_id: 'pkg-basic' });
    const present = { name: 'Send Certn background check', package: { id: 'x', name: 'X' }, configuration: null };
    expect(change(present)).toEqual({ ...present, package: { id: 'pkg-basic', name: 'Basic' } });
  });

  it.each([
    [true, 'pkg-basic', 'accepted'],
    [true, 'pkg-old', 'package_unavailable'],
    [true, 'pkg-of-others', 'package_unavailable'],
    [false, 'pkg-basic', 'integration_not_enabled'],
  ])('connected: %s, package %s: %s', async (connected, package_id, expected) => {
    expect(await reason(kind(connected).create(place, { package_id }))).toBe(expected);
    expect(await reason(kind(connected).change(place, { package_id }))).toBe(expected);
  });

  it.each([true, false])('is offered while the team is connected (%s) [R-22]', async (connected) => {
    expect(await kind(connected).isOffered('team')).toBe(connected);
  });
});

describe('the fields of a Certn background check', () => {
  it.each<[object, string[]]>([
    [{ package_id: 'pkg-basic' }, []],
    [{}, ['package_id']],
    [{ package_id: '' }, ['package_id']],
    [{ package_id: null }, ['package_id']],
    [{ package_id: 'x'.repeat(256) }, ['package_id']],
    [{ package_id: 'pkg-basic', name: 'Check' }, ['name']],
  ])('%j: %j are refused [R-44]', async (body, fields) => {
    expect(await refusedInNew(certnBackgroundCheck, body)).toEqual(fields);
    expect(await refusedInChange(certnBackgroundCheck, body)).toEqual(fields);
  });
});
