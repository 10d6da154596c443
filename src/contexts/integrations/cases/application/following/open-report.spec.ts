import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Id } from '#kernel/id';
import { CasesWorld } from '../../../../../../test/fakes/integrations/cases-world.js';
import { usualCapabilities } from '../../../../../../test/support/fake-vendor.js';
import { OpenReport } from '../../../contract.js';
import { OpenReportHandler } from './open-report.js';

let world: CasesWorld;
let id: Id;
const begin = async (options: Parameters<typeof CasesWorld.open>[0] = {}) => {
  world = await CasesWorld.open(options);
  id = await world.opened();
};
beforeEach(() => begin());

describe('a report', () => {
  const handler = () =>
    new OpenReportHandler(world.cases, world.connections, world.reports, world.vendors, world.calls);
  const open = (order = id, by = handler()) => by.execute(new OpenReport(world.teamId, order, world.connection.vendor));

  it('is asked for when a person opens it, and streamed', async () => {
    const { stream } = await open();
    expect(await text(stream)).toContain('report-of-case-1');
  });

  it('is shared by people who open it at once and for ten minutes', async () => {
    const asked: string[] = [];
    const requestReport = world.vendor.requestReport.bind(world.vendor);
    world.vendor.requestReport = (credentials, caseId) => {
      asked.push(caseId);
      return requestReport(credentials, caseId);
    };
    const one = handler();
    for (const { stream } of await Promise.all([open(id, one), open(id, one)])) stream.destroy();
    (await open()).stream.destroy();
    world.clock.advance({ seconds: 601 });
    (await open()).stream.destroy();
    expect(asked).toEqual(['case-1', 'case-1']);
  });

  it('that failed is asked for again next time', async () => {
    world.account.reports = 'failed';
    await expect(open()).rejects.toMatchObject({ reason: 'report_failed' });
    expect(await world.reports.recent(world.teamId, id)).toBeNull();
    world.account.reports = 'ready';
    (await open()).stream.destroy();
  });

  it('is opened by four people of a team at a time', async () => {
    const one = handler();
    const streams: Readable[] = [];
    for (let n = 0; n < 4; n += 1) streams.push((await open(id, one)).stream);
    await expect(open(id, one)).rejects.toMatchObject({ reason: 'too_many_reports' });
    streams[0]?.destroy();
    await new Promise((resolve) => streams[0]?.once('close', resolve));
    (await open(id, one)).stream.destroy();
    for (const stream of streams) stream.destroy();
  });

  it('is not there without a case, or at a vendor that offers none', async () => {
    await expect(open(await world.place('bob@example.org'))).rejects.toMatchObject({ reason: 'results_not_ready' });
    await begin({ capabilities: { ...usualCapabilities, reportDownload: false } });
    await expect(open()).rejects.toMatchObject({ reason: 'results_not_available' });
  });
});
