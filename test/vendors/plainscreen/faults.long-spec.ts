import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { freePort } from '../../../scripts/free-port.js';
import { quick } from '../../faults/harness-settings.js';
import { eventually } from '../../support/eventually.js';
import { type Sandbox, startSandbox } from '../../support/sandbox.js';
import { Service } from '../../support/service.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { StandIn, type StandInFault } from './stand-in.js';
import { aPlanWithBoth, becomes, type Both, connectedToBoth, sendTo, type ShownCheck } from './team.js';

const patience = 120_000;
const onTheList = pathToFileURL(join(import.meta.dirname, 'on-the-list.mjs')).href;

interface Row {
  name: string;
  fault: StandInFault;
  /** While the fault lasts. */
  status: string;
}

const own429 = { status: 429, headers: { 'Retry-After': '1' }, body: '{"problem":"Slow down."}' };
const rows: Row[] = [
  { name: 'taken, and its answer is lost [E3]', fault: { how: 'reset', after: true }, status: 'confirming' },
  { name: 'taken, and its answer comes too late [E2]', fault: { how: 'hang', after: true }, status: 'confirming' },
  { name: 'taken, and answered with 502 [E4]', fault: { how: { status: 502 }, after: true }, status: 'confirming' },
  {
    name: 'taken, and answered with a page [E5]',
    fault: { how: { status: 200, body: '<html>' }, after: true },
    status: 'confirming',
  },
  { name: 'not taken, and answered with 503 [E4]', fault: { how: { status: 503 } }, status: 'confirming' },
  { name: 'not taken, and not answered [E2]', fault: { how: 'hang' }, status: 'confirming' },
  { name: 'not taken, because Plainscreen wants a pause [E8]', fault: { how: own429 }, status: 'requested' },
];

/** The built service with Plainscreen on its list, killed and started again. */
describe('an order at a vendor that knows its id', () => {
  const standIn = new StandIn();
  let sandbox: Sandbox;
  let database: TestDatabase;
  let service: Service;
  let env: Record<string, string>;
  let port: number;

  beforeAll(async () => {
    [sandbox, database, port] = [await startSandbox(), await createTestDatabase(), await freePort()];
    const urls = { CERTN_BASE_URL: sandbox.url, PLAINSCREEN_URL: await standIn.start() };
    env = { ...quick, ...urls, NODE_OPTIONS: `--import=${onTheList}` };
    await start();
  }, patience);
  afterAll(async () => {
    await service?.stop('SIGKILL');
    await sandbox?.stop();
    await standIn.stop();
    await database?.drop();
  });

  const start = async (): Promise<void> => {
    service = await Service.start(database.url, port, env);
  };
  const app = () => ({ url: service.url, databaseUrl: database.url, close: () => Promise.resolve() });

  async function sentWhile(fault: StandInFault | null): Promise<{ team: Both; check: ShownCheck }> {
    const team = await connectedToBoth(app(), sandbox, standIn);
    const plan = await aPlanWithBoth(team);
    team.plainAccount.fault = fault;
    return { team, check: (await sendTo(team, plan, 'plainscreen')).body };
  }

  /** One screening, opened with the check's id, however often the order arrived. */
  function isOrderedOnce({ team, check }: { team: Both; check: ShownCheck }, shown: ShownCheck): void {
    const { screenings, byOrder, orders } = team.plainAccount;
    expect([...screenings.keys()]).toEqual([byOrder.get(check.id)]);
    expect(new Set(orders)).toEqual(new Set([check.id]));
    expect(shown.vendor.case_id).toBe(byOrder.get(check.id));
  }

  describe('that fails', () => {
    const ends = new Map<string, { sent: Awaited<ReturnType<typeof sentWhile>>; shown: ShownCheck }>();

    beforeAll(async () => {
      await Promise.all(
        rows.map(async ({ name, fault, status }) => {
          const sent = await sentWhile(fault);
          await eventually(
            'it arrived',
            async () => sent.team.plainAccount.orders.length,
            (times) => times > 0,
            60_000,
          );
          await becomes(sent.team, sent.check.id, status, 60_000);
          sent.team.plainAccount.fault = null;
          ends.set(name, { sent, shown: await becomes(sent.team, sent.check.id, 'sent', 60_000) });
        }),
      );
    }, patience);

    it.each(rows)('$name: it is sent again by itself with the same id, and opens one case', ({ name }) => {
      const end = ends.get(name);
      if (!end) throw new Error('It did not end.');
      isOrderedOnce(end.sent, end.shown);
      expect(end.sent.team.plainAccount.orders.length).toBeGreaterThan(1);
    });
  });

  it.each<[string, StandInFault]>([
    ['after Plainscreen took it [C6]', { how: 'hang', after: true }],
    ['before Plainscreen took it [C6]', { how: 'hang' }],
  ])(
    'whose worker is killed on the way, %s, is sent again with the same id and opens one case',
    async (_, fault) => {
      const sent = await sentWhile(fault);
      const { plainAccount } = sent.team;
      await eventually(
        'it arrived',
        async () => plainAccount.orders.length,
        (times) => times > 0,
        60_000,
      );
      await service.stop('SIGKILL');
      plainAccount.fault = null;
      await start();
      isOrderedOnce(sent, await becomes(sent.team, sent.check.id, 'sent', 60_000));
    },
    patience,
  );
});
