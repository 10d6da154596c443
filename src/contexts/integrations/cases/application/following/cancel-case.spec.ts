import type { Id } from '#kernel/id';
import { CasesWorld } from '../../../../../../test/fakes/integrations/cases-world.js';
import { anId } from '../../../../../../test/fakes/platform.js';
import { usualCapabilities } from '../../../../../../test/support/fake-vendor.js';
import { CancelCase } from '../../../contract.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';

let world: CasesWorld;
let id: Id;
const begin = async (options: Parameters<typeof CasesWorld.open>[0] = {}) => {
  world = await CasesWorld.open(options);
  id = await world.opened();
};
beforeEach(() => begin());

const unreachable = () => new VendorFailure('retry', 'unreachable', 'The vendor is unreachable.');
const stateOf = async (order = id) => (await world.cases.find(world.teamId, order))?.state;

describe('a case to be cancelled', () => {
  const cancel = (order = id) => world.cancelCase.execute(new CancelCase(world.teamId, order));

  it('is asked for once, and read afterwards', async () => {
    expect(await cancel()).toEqual({ kind: 'accepted' });
    await world.work();
    expect([await stateOf(), world.takeTold()]).toEqual(['cancelled', ['CaseChanged']]);
  });

  it('is refused in the vendor’s words when it has ended', async () => {
    world.changes(id, { state: 'complete', result: 'clear' });
    expect(await cancel()).toEqual({ kind: 'refused', message: 'This case can no longer be cancelled.' });
    await world.work();
    expect(await stateOf()).toBe('complete');
  });

  it('has no answer when the vendor does not answer, or when there is no case', async () => {
    world.vendor.nextFailures.push(unreachable());
    expect([await cancel(), await cancel(anId())]).toEqual([{ kind: 'no_answer' }, { kind: 'no_answer' }]);
  });

  it('fails when the vendor refuses the key', async () => {
    world.vendor.nextFailures.push(new VendorFailure('fix', 'key_refused', 'The key was refused.'));
    await expect(cancel()).rejects.toMatchObject({ reason: 'vendor_error' });
  });

  it('is refused by a vendor that offers no way', async () => {
    await begin({ capabilities: { ...usualCapabilities, cancellation: false } });
    expect(await cancel()).toMatchObject({ kind: 'refused', message: expect.stringContaining('Fake offers no way') });
  });
});
