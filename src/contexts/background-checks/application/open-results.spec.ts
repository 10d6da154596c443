import { text } from 'node:stream/consumers';
import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/background-checks/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { EraseCheck } from './erase-check.js';
import { OpenResults } from './open-results.js';
import { RefreshCheck } from './refresh-check.js';

let world: World;
beforeEach(() => {
  world = new World();
});

describe('opening a report', () => {
  const open = (id: Id, caller = world.admin) => world.openResults.execute(new OpenResults(caller, id));
  const aReport = (shown = {}) => world.aCheckWithCase('complete', { result: 'clear', shortId: 'CS_1', ...shown });
  const audited = () => world.audited.filter(([action]) => action === 'background_check.open_results');

  it('streams it under the name of its case, and is audited first', async () => {
    const id = await aReport();
    const { stream, fileName, jobId, candidateId } = await open(id);
    expect(audited()).toEqual([['background_check.open_results', 'done']]);
    expect(await text(stream)).toMatch(/^%PDF/);
    const check = world.check(id);
    expect({ fileName, jobId, candidateId }).toEqual({
      ...{ fileName: 'background-check-CS_1.pdf', jobId: check.jobId, candidateId: check.candidateId },
    });
  });

  it.each([
    ['../CS\n1/%', 'CS-1'],
    ['Prüfung 7', 'Prüfung-7'],
    ['CS \u202e/ 1', 'CS-1'],
    ['.-CS-1-.-', 'CS-1'],
    ['...', null],
    [null, null],
  ])('names the file safely: %j', async (shortId, name) => {
    const id = await aReport({ shortId });
    expect((await open(id)).fileName).toBe(`background-check-${name ?? id}.pdf`);
  });

  it.each([
    ['invited', 'results_not_ready'],
    ['in_dispute', 'results_not_ready'],
    ['cancelled', 'results_not_available'],
    ['expired', 'results_not_available'],
  ] as const)('of a check that is %s is refused: %s', async (state, reason) => {
    await expect(open(await world.aCheckWithCase(state))).rejects.toMatchObject({ reason });
    expect([world.orders.reports.length, audited()]).toEqual([0, []]);
  });

  it('takes the permission to view results, which sending does not include', async () => {
    const id = await aReport();
    const { jobId } = world.check(id);
    const viewer = world.caller('limited', { grants: [[jobId, ['view_results']]] });
    const manager = world.caller('limited', { grants: [[jobId, ['manage', 'send_checks']]] });
    for (const caller of [world.recruiter, manager])
      await expect(open(id, caller)).rejects.toMatchObject({ reason: 'not_allowed' });
    await expect(open(id, world.caller('limited'))).rejects.toMatchObject({ reason: 'not_found' });
    await expect(open(anId())).rejects.toMatchObject({ reason: 'not_found' });
    expect([world.orders.reports.length, audited()]).toEqual([0, []]);
    await open(id, viewer);
  });

  it('ends the vendor’s stream when the entry cannot be written', async () => {
    const id = await aReport();
    world.audit.record = () => Promise.reject(new Error('the disk is full'));
    await expect(open(id)).rejects.toThrow('the disk is full');
    expect(world.orders.reports.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it('passes on why the vendor gives none', async () => {
    const id = await aReport();
    world.orders.nextFailures.push(new DomainError('upstream', 'report_failed', 'No.'));
    await expect(open(id)).rejects.toMatchObject({ reason: 'report_failed' });
    expect(audited()).toEqual([]);
  });

  it('notices during the download that the result was removed or the check erased', async () => {
    const id = await aReport();
    const { isStillThere } = await open(id);
    await isStillThere();
    await world.removeResult.again(world.teamId, id, world.clock.now());
    await expect(isStillThere()).rejects.toMatchObject({ reason: 'result_removed' });
    await world.eraseCheck.execute(new EraseCheck(world.teamId, id));
    await expect(isStillThere()).rejects.toMatchObject({ reason: 'results_not_available' });
    await expect(open(id)).rejects.toMatchObject({ reason: 'results_not_available' });
  });
});

describe('refreshing a check', () => {
  const refresh = (id: Id, caller = world.recruiter) => world.refreshCheck.execute(new RefreshCheck(caller, id));

  it('reads its case, and shows it at once', async () => {
    const id = await world.aCheckWithCase('invited');
    world.orders.vendorShows(world.keyOf(id), { state: 'submitted' });
    await refresh(id);
    expect(world.check(id).status).toBe('submitted');
  });

  it('fails as the vendor fails, and changes nothing', async () => {
    const id = await world.aCheckWithCase('invited');
    world.orders.nextFailures.push(new DomainError('unavailable', 'vendor_unreachable', 'No.'));
    await expect(refresh(id)).rejects.toMatchObject({ reason: 'vendor_unreachable' });
    expect(world.check(id).status).toBe('invited');
  });

  it('is for everybody who sees the job', async () => {
    const id = await world.aCheckWithCase('invited');
    const { jobId } = world.check(id);
    await refresh(id, world.caller('limited', { grants: [[jobId, ['view_results']]] }));
    await expect(refresh(id, world.caller('limited'))).rejects.toMatchObject({ reason: 'not_found' });
    await expect(refresh(anId())).rejects.toMatchObject({ reason: 'not_found' });
  });
});
